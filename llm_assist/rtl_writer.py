"""Ask a model for RTL. What comes back is text that nobody has checked yet.

A model that can only continue text gets the module's head as a prefix and a grammar for the rest, so that each answer
compiles; one that follows instructions gets the whole specification and writes the whole module.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from llm_assist.brief import brief
from llm_assist.constrain.lark import to_lark
from llm_assist.examples import nearest, read_examples
from llm_assist.model import Completion, Constraint, Message, Model
from llm_assist.prompts import conversation
from llm_assist.request import Request
from llm_assist.rtl_grammar import body_grammar
from llm_assist.rtl_shape import Shape, tidy

_SMALL_PROMPT_WORDS = 120
_EXAMPLES = 3
"""Solved tasks in the prompt of a small model."""
_MAX_TOKENS = {"small": 200, "full": 4096}
_MODULE = re.compile(r"^[ \t]*module\b.*?^[ \t]*endmodule\b[^\n]*", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class RtlDrafts:
    """What one request for RTL brought."""

    all_texts: tuple[str, ...]
    """Every text, in the model's order; unfinished answers are left out."""
    answered: int
    """Answers given, unfinished ones included."""
    prompt_digest: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float

    @property
    def texts(self) -> tuple[str, ...]:
        """Different texts only."""
        return tuple(dict.fromkeys(self.all_texts))


def write_rtl(
    model: Model, shape: Shape, specification: str, *, n: int, seed: int, without: Collection[str] = ()
) -> RtlDrafts:
    """Ask ``model`` for ``n`` versions of the module of ``shape``.

    ``without`` names examples that the prompt must not show (for honest measurements).
    """
    if model.capabilities.instructable:
        messages = conversation("rtl_full", name=shape.name, header=shape.header, specification=specification.strip())
        return _whole_modules(model, Request(messages=messages, n=n, seed=seed, max_tokens=_MAX_TOKENS["full"]))
    request = Request(
        messages=_small_prompt(shape, brief(specification, words=_SMALL_PROMPT_WORDS), without),
        n=n,
        constraint=Constraint(lark=to_lark(body_grammar(shape))),
        seed=seed,
        max_tokens=_MAX_TOKENS["small"],
        prefix=shape.header + shape.declarations,
    )
    answers = request.ask(model)
    texts = [tidy(request.prefix + answer.text, shape) for answer in answers if answer.finished]
    return _drafts(request, answers, texts)


def repair_rtl(
    model: Model, shape: Shape, specification: str, *, draft: str, findings: Sequence[str], seed: int
) -> RtlDrafts:
    """Ask ``model`` to correct ``draft``, given what was found; for instructable models."""
    messages = conversation(
        "rtl_repair",
        name=shape.name,
        specification=specification.strip(),
        draft=draft,
        findings="\n".join(f"- {finding}" for finding in findings),
    )
    return _whole_modules(model, Request(messages=messages, n=1, seed=seed, max_tokens=_MAX_TOKENS["full"]))


def _small_prompt(shape: Shape, task: str, without: Collection[str]) -> tuple[Message, ...]:
    system, question = conversation("rtl_small", task=task)
    shown = nearest(task, clocked=shape.clock is not None, most=_EXAMPLES, examples=read_examples(), without=without)
    solved: list[Message] = []
    for example in shown:
        solved.append(Message(role="user", content=f"Verilog: {example.task}"))
        solved.append(Message(role="assistant", content=example.module.strip()))
    return (system, *solved, question)


def _whole_modules(model: Model, request: Request) -> RtlDrafts:
    answers = request.ask(model)
    found = [_MODULE.search(answer.text) for answer in answers if answer.finished]
    return _drafts(request, answers, [match.group(0) + "\n" for match in found if match])


def _drafts(request: Request, answers: Sequence[Completion], texts: Sequence[str]) -> RtlDrafts:
    return RtlDrafts(
        all_texts=tuple(texts),
        answered=len(answers),
        prompt_digest=request.prompt_digest,
        prompt_tokens=sum(answer.prompt_tokens for answer in answers),
        completion_tokens=sum(answer.completion_tokens for answer in answers),
        seconds=sum(answer.seconds for answer in answers),
    )
