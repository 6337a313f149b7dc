"""Ask a model for test points. Its answers are data in a compact wire form; what doesn't fit the plan is dropped.

A small model gives one point an answer and is asked for many answers in one batch, which costs little more than one; an
instructable model gives several points in one answer. The points that differ most are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from llm_assist.brief import brief
from llm_assist.constrain.bounds import demand_bounded
from llm_assist.model import Completion, Constraint, Message, Model
from llm_assist.novelty import most_different, new_combinations
from llm_assist.prompts import conversation
from llm_assist.request import Request
from verif.design.model import Design
from verif.errors import InputError
from verif.plan.model import Knob, Testplan, Testpoint
from verif.plan.randomised import random_points
from verif.plan.wire import expand, wire_knobs, wire_schema

ANSWERS = 16
"""Answers asked of a small model in one batch, and the most points that an instructable one may propose."""
KEPT_POINTS = 6
"""The most points that a proposal adds to a plan."""
_SMALL_TASK_WORDS = 60
_MAX_TOKENS = {"small": 320, "full": 4096}


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """Points that a model proposed, already in the plan's terms, and what they cost."""

    points: tuple[Testpoint, ...]
    prompt_digest: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    notes: tuple[str, ...] = ()
    """What became of the answers, with figures, a sentence each."""


def propose_points(model: Model, plan: Testplan, design: Design, specification_text: str, *, seed: int) -> Proposal:
    """Return points that ``model`` proposes in addition to those of ``plan``; none where the plan has no knobs.

    Errors of the model pass through; an answer of the wrong form is dropped and counted in the notes.
    """
    if not plan.knobs:
        return _nothing("the plan has no knobs that a model could set")
    request = _request(model, plan, design, specification_text, seed)
    answers = request.ask(model)
    points, refusals = _usable(answers, plan, model.name)
    kept = most_different(points, known=plan.points, plan=plan, most=KEPT_POINTS)
    return Proposal(
        points=tuple(_named(point, number) for number, point in enumerate(kept, start=1)),
        prompt_digest=request.prompt_digest,
        prompt_tokens=sum(answer.prompt_tokens for answer in answers),
        completion_tokens=sum(answer.completion_tokens for answer in answers),
        seconds=sum(answer.seconds for answer in answers),
        notes=_notes(plan, points, refusals, kept, seed),
    )


def _request(model: Model, plan: Testplan, design: Design, specification: str, seed: int) -> Request:
    schema = wire_schema(plan)
    if not model.capabilities.instructable:
        demand_bounded(schema)
        return Request(
            messages=_small_prompt(plan, design, specification),
            n=ANSWERS,
            constraint=Constraint(json_schema=schema),
            seed=seed,
            max_tokens=_MAX_TOKENS["small"],
        )
    several = {
        "type": "object",
        "properties": {"points": {"type": "array", "minItems": 1, "maxItems": ANSWERS, "items": schema}},
        "required": ["points"],
        "additionalProperties": False,
    }
    return Request(
        messages=_full_prompt(plan, design, specification, several),
        constraint=Constraint(json_schema=several),
        seed=seed,
        max_tokens=_MAX_TOKENS["full"],
    )


def _small_prompt(plan: Testplan, design: Design, specification: str) -> tuple[Message, ...]:
    task = brief(specification, words=_SMALL_TASK_WORDS) if specification.strip() else "no specification."
    knobs = ", ".join(_knob(key, knob) for key, knob in wire_knobs(plan).items())
    return conversation("plan_small", top=design.top, task=task, knobs=knobs)


def _full_prompt(plan: Testplan, design: Design, specification: str, schema: dict[str, Any]) -> tuple[Message, ...]:
    return conversation(
        "plan_full",
        top=design.top,
        ports="\n".join(f"- {port.direction} {port.name}, {port.width} bits" for port in design.ports),
        specification=specification.strip() or "There is none.",
        knobs="\n".join(f"- {_knob(key, knob)}" for key, knob in wire_knobs(plan).items()),
        points="\n".join(f"- {point.id}: {point.intent}" for point in plan.points),
        schema=json.dumps(schema),
    )


def _knob(key: str, knob: Knob) -> str:
    return f"{key} (rate)" if knob.kind == "rate" else f"{key} ({', '.join(knob.choices)})"


def _usable(answers: Sequence[Completion], plan: Testplan, origin: str) -> tuple[list[Testpoint], list[str]]:
    """Return the points that fit the plan, and why the others don't."""
    points: list[Testpoint] = []
    refusals: list[str] = []
    for answer in answers:
        for wire in _wires(answer.text):
            try:
                points += expand(plan, wire, origin=origin)
            except InputError as error:
                refusals.append(error.sentence)
    return points, refusals


def _wires(text: str) -> Iterator[Any]:
    """Yield the wire plans of one answer: those under ``points``, else the answer itself, whatever it is."""
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    several = value.get("points") if isinstance(value, dict) else None
    yield from several if isinstance(several, list) else [value]


def _named(point: Testpoint, number: int) -> Testpoint:
    return point.model_copy(update={"id": f"model_{number}"})


def _notes(
    plan: Testplan,
    points: Sequence[Testpoint],
    refusals: Sequence[str],
    kept: Sequence[Testpoint],
    seed: int,
) -> tuple[str, ...]:
    proposed = len(points) + len(refusals)
    notes = [f"{len(points)} of {proposed} proposed points fit the plan, {len(kept)} of them differ enough to be kept"]
    if refusals:
        notes.append(f"a proposed point was dropped: {refusals[0].rstrip('.')}")
    if kept:
        random = random_points(plan, seed, len(kept))
        mine, theirs = (new_combinations(some, known=plan.points, plan=plan) for some in (kept, random))
        notes.append(
            f"combinations of two settings that the baseline lacks: {mine} in the model's points, "
            f"{theirs} in as many random ones"
        )
    return tuple(notes)


def _nothing(note: str) -> Proposal:
    return Proposal(points=(), prompt_digest="", prompt_tokens=0, completion_tokens=0, seconds=0.0, notes=(note,))
