"""Ask a model for test points. Its answers are data in a compact wire form; what doesn't fit the plan is dropped.

Small models are asked for several plans in one batch, which costs little more than one, and the most different points
of all answers are kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

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
from verif.plan.wire import expand, wire_schema

ANSWERS = 8
"""Plans asked for in one batch."""
KEPT_POINTS = 8
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
    schema = wire_schema(plan)
    demand_bounded(schema)
    request = Request(
        messages=_messages(model, plan, design, specification_text, schema),
        n=ANSWERS,
        constraint=Constraint(json_schema=schema),
        seed=seed,
        max_tokens=_MAX_TOKENS["full" if model.capabilities.instructable else "small"],
    )
    answers = request.ask(model)
    points, refusals = _usable(answers, plan)
    kept = most_different(points, known=plan.points, plan=plan, most=KEPT_POINTS)
    return Proposal(
        points=tuple(_named(point, number) for number, point in enumerate(kept, start=1)),
        prompt_digest=request.prompt_digest,
        prompt_tokens=sum(answer.prompt_tokens for answer in answers),
        completion_tokens=sum(answer.completion_tokens for answer in answers),
        seconds=sum(answer.seconds for answer in answers),
        notes=_notes(plan, answers, points, refusals, kept, seed),
    )


def _messages(
    model: Model, plan: Testplan, design: Design, specification: str, schema: dict[str, object]
) -> tuple[Message, ...]:
    if not model.capabilities.instructable:
        task = brief(specification, words=_SMALL_TASK_WORDS) if specification.strip() else "no specification."
        knobs = ", ".join(_knob(knob) for knob in plan.knobs)
        return conversation("plan_small", top=design.top, task=task, knobs=knobs)
    return conversation(
        "plan_full",
        top=design.top,
        ports="\n".join(f"- {port.direction} {port.name}, {port.width} bits" for port in design.ports),
        specification=specification.strip() or "There is none.",
        knobs="\n".join(f"- {_knob(knob)}" for knob in plan.knobs),
        points="\n".join(f"- {point.id}: {point.intent}" for point in plan.points),
        schema=json.dumps(schema),
    )


def _knob(knob: Knob) -> str:
    return f"{knob.name} (rate)" if knob.kind == "rate" else f"{knob.name} ({', '.join(knob.choices)})"


def _usable(answers: Sequence[Completion], plan: Testplan) -> tuple[list[Testpoint], list[str]]:
    """Return the points of all answers, and why the others could not be used."""
    points: list[Testpoint] = []
    refusals: list[str] = []
    for answer in answers:
        try:
            points += expand(plan, json.loads(answer.text))
        except (InputError, ValueError) as error:
            refusals.append(error.sentence if isinstance(error, InputError) else "it is not JSON")
    return points, refusals


def _named(point: Testpoint, number: int) -> Testpoint:
    return point.model_copy(update={"id": f"model_{number}"})


def _notes(
    plan: Testplan,
    answers: Sequence[Completion],
    points: Sequence[Testpoint],
    refusals: Sequence[str],
    kept: Sequence[Testpoint],
    seed: int,
) -> tuple[str, ...]:
    notes = [f"{len(answers) - len(refusals)} of {len(answers)} answers could be used: {len(points)} points, {len(kept)} kept"]
    if refusals:
        notes.append(f"an answer was dropped: {refusals[0].rstrip('.')}")
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
