"""The module around a harness in which proofs ask: it begins as a run does, and shows what is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from verif.harness.model import COVERS, Field, FieldKind, Harness
from verif.harness.names import vector

TOP = "posedge_proof"
BASE = "posedge_base"
"""Its clock: each step of a proof is one edge of it, one tick of a run."""
ASKED = "posedge_asked"
"""Output of two bits at least: bit n is 1 in the ticks in which question n is true and ``LIVE`` is 1."""
LIVE = "posedge_live"
"""Output: 1 in the ticks after the reset in which no assumption is violated yet."""
BEGINS = "posedge_begins"
"""Wire that is 1 in the first step of a run, where two copies of a design start equal."""
BOXES = "posedge_boxes"
"""Wire that is 1 in the steps in which black boxes of two copies of a design get different inputs."""
LATCHES = "posedge_latches"
"""Wire that is 1 in the steps in which latches of the same name in two copies of a design show different values."""
PICK = "posedge_pick"
"""Input: the clock whose edge ends the step, where any order of clocks is looked at."""


class Order(StrEnum):
    """In which order the clocks of a design have their edges."""

    SCHEDULE = "schedule"
    """As in simulation; what a clock paces changes only after its edges."""
    ANY = "any"
    """Every order, one edge a step, once the reset is over; what is driven may change in each step."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Whether something is ever true in a run."""

    id: str
    expression: str
    """One bit in Verilog. ``harness`` is the harness: ``harness.obs_full``, ``harness.dut.state == 2'd3``."""


def cover_question(harness: Harness, point: str) -> Question:
    """Return the question whether a coverage point is ever hit; KeyError for an id that the harness doesn't have."""
    if point not in harness.covers:
        raise KeyError(point)
    place = f"[{harness.covers.index(point)}]" if len(harness.covers) > 1 else ""
    return Question(id=point, expression=f"harness.{COVERS}{place}")


def tick_of(number: int) -> str:
    """Return the wire that is 1 in the steps of the clock with this number."""
    return f"posedge_tick_{number}"


def top_text(
    harness: Harness, questions: Sequence[Question], assumptions: Sequence[str] = (), order: Order = Order.SCHEDULE
) -> str:
    """Return the text of the module around ``harness``.

    The first ``reset_ticks`` steps hold all resets and the defaults; after that every field is free. ``assumptions``
    are expressions, 1 where one is violated; from there on nothing counts.
    """
    several = len(harness.clocks) > 1
    free = several and order is Order.ANY
    paced = several and not free
    inputs = [f"input wire {name}" for name in (BASE, *(clock.name for clock in harness.clocks))]
    inputs += [f"input wire {vector(_pick_width(harness))}{PICK}"] if free else []
    inputs += [f"input wire {vector(field.width)}{field.name}" for field in harness.stimulus]
    outputs = [f"output wire {vector(max(len(questions), 2))}{ASKED}", f"output wire {LIVE}"]
    connections = [f".{clock.name}({clock.name})" for clock in harness.clocks]
    connections += [f".{field.name}({_driven(field)})" for field in harness.stimulus]
    lines = [
        "`default_nettype none",
        f"module {TOP} (",
        ",\n".join(f"    {port}" for port in (*inputs, *outputs)),
        ");",
        *_reset(harness),
        *(_begin() if harness.same_start else ()),
        *(["    (* keep *)", f"    wire {LATCHES};"] if harness.same_start else ()),
        *(["    (* keep *)", f"    wire {BOXES};"] if harness.same_start and harness.same_start.boxes else ()),
        *(_ticks(harness, free) if several else ()),
        *(line for field in harness.stimulus for line in _field(harness, field, paced)),
        f"    {harness.top} harness (",
        ",\n".join(f"        {each}" for each in connections),
        "    );",
        *_live(assumptions),
        *_asked(questions),
        "endmodule",
        "`default_nettype wire",
    ]
    return "\n".join(lines) + "\n"


def in_reset(field: Field) -> int:
    """Return the value of a field in the reset before a run."""
    return 1 if field.kind is FieldKind.RESET else field.default


def _reset(harness: Harness) -> Iterator[str]:
    if harness.reset_ticks == 0:
        yield "    wire posedge_run = 1'b1;"
        return
    width = harness.reset_ticks.bit_length()
    yield f"    reg {vector(width)}posedge_count = {width}'d0;"
    yield f"    wire posedge_run = posedge_count == {width}'d{harness.reset_ticks};"
    yield f"    always @(posedge {BASE}) if (!posedge_run) posedge_count <= posedge_count + {width}'d1;"


def _begin() -> Iterator[str]:
    yield "    reg posedge_first = 1'b1;"
    yield f"    always @(posedge {BASE}) posedge_first <= 1'b0;"
    yield "    (* keep *)"
    yield f"    wire {BEGINS} = posedge_first;"


def _ticks(harness: Harness, free: bool) -> Iterator[str]:
    """Say which clock's edge ends the step: the schedule goes on from the first row of the reset."""
    length = len(harness.schedule)
    width = max(1, (length - 1).bit_length())
    yield f"    reg {vector(width)}posedge_place = {width}'d0;"
    yield (
        f"    always @(posedge {BASE}) posedge_place <= "
        f"posedge_place == {width}'d{length - 1} ? {width}'d0 : posedge_place + {width}'d1;"
    )
    for number, clock in enumerate(harness.clocks):
        places = [place for place, name in enumerate(harness.schedule) if name == clock.name]
        scheduled = " || ".join(f"posedge_place == {width}'d{place}" for place in places) or "1'b0"
        picked = f"{PICK} {'>=' if number == len(harness.clocks) - 1 else '=='} {_pick_width(harness)}'d{number}"
        yield "    (* keep *)"
        yield f"    wire {tick_of(number)} = {f'posedge_run ? ({picked}) : ({scheduled})' if free else scheduled};"


def _field(harness: Harness, field: Field, paced: bool) -> Iterator[str]:
    """Drive a field: what it is in reset, then what is asked for, then the same until its clock's edge was there.

    A field that is held from before the reset on is what is asked for throughout.
    """
    if field.held:
        yield f"    wire {vector(field.width)}{_driven(field)} = {field.name};"
        return
    reset = f"{field.width}'d{in_reset(field)}"
    number = next((n for n, clock in enumerate(harness.clocks) if clock.name == field.clock), None)
    if not paced or number is None:
        yield f"    wire {vector(field.width)}{_driven(field)} = posedge_run ? {field.name} : {reset};"
        return
    held, moves = f"posedge_held_{field.name}", f"posedge_moves_{field.name}"
    yield f"    reg {vector(field.width)}{held} = {reset};"
    yield f"    reg {moves} = 1'b1;"
    yield (
        f"    wire {vector(field.width)}{_driven(field)} = !posedge_run ? {reset} : {moves} ? {field.name} : {held};"
    )
    yield f"    always @(posedge {BASE}) begin"
    yield f"        {held} <= {_driven(field)};"
    yield f"        {moves} <= !posedge_run || {tick_of(number)};"
    yield "    end"


def _live(assumptions: Sequence[str]) -> Iterator[str]:
    if not assumptions:
        yield f"    assign {LIVE} = posedge_run;"
        return
    yield "    reg posedge_kept = 1'b1;"
    violated = " || ".join(f"({expression})" for expression in assumptions)
    yield f"    wire posedge_keeps = posedge_kept && !(posedge_run && ({violated}));"
    yield f"    always @(posedge {BASE}) posedge_kept <= posedge_keeps;"
    yield f"    assign {LIVE} = posedge_run && posedge_keeps;"


def _asked(questions: Sequence[Question]) -> Iterator[str]:
    for number, question in enumerate(questions):
        yield f"    assign {ASKED}[{number}] = {LIVE} && ({question.expression});"
    for number in range(len(questions), 2):
        yield f"    assign {ASKED}[{number}] = 1'b0;"


def _driven(field: Field) -> str:
    return f"posedge_in_{field.name}"


def _pick_width(harness: Harness) -> int:
    return max(1, (len(harness.clocks) - 1).bit_length())
