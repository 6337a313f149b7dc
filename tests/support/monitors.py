"""Play traces on monitors under Icarus, many in one process, and ask the Python rules and models about the same."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.judging import make
from verif.bench.oracles import OracleSet, ReferenceModel, Rule, Snippet
from verif.bench.render import schedule
from verif.design.model import Clock, Design, Direction, Edge, Port, PortRole, Reset, SourceSet
from verif.harness.monitors import MonitorUse, choose_monitors
from verif.plan.model import Testplan
from verif.stimulus.generate import clock_order, reset_ticks
from verif.verdict import Oracle

Row = dict[str, int | str]
"""Port to its value in one tick; a text of 0, 1, x and z gives single bits. Resets by their names, clocks apart."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A design without RTL: its ports, what judges it, and the monitors that this gives."""

    design: Design
    oracles: OracleSet

    @property
    def uses(self) -> tuple[MonitorUse, ...]:
        """The monitors."""
        return choose_monitors(self.design, EMPTY_PLAN, self.oracles)


EMPTY_PLAN = Testplan.model_construct(points=(), drivers=(), knobs=(), coverage=())


def ports_design(
    inputs: Mapping[str, int],
    outputs: Mapping[str, int],
    *,
    clocks: Sequence[Clock] = (Clock(name="clk"),),
    resets: Sequence[Reset] = (Reset(name="rst_n", active_high=False, asynchronous=False, cycles=2),),
) -> Design:
    """Return a design that has only ports: name to width."""
    ports = [Port(name=clock.name, direction=Direction.INPUT, width=1, role=PortRole.CLOCK) for clock in clocks]
    ports += [Port(name=reset.name, direction=Direction.INPUT, width=1, role=PortRole.RESET) for reset in resets]
    ports += [Port(name=name, direction=Direction.INPUT, width=width) for name, width in inputs.items()]
    ports += [Port(name=name, direction=Direction.OUTPUT, width=width) for name, width in outputs.items()]
    sources = SourceSet(files=())
    return Design(top="dut", sources=sources, ports=tuple(ports), clocks=tuple(clocks), resets=tuple(resets))


def with_rule(design: Design, module: str, class_name: str, **arguments: object) -> Bench:
    """Return ``design`` with one rule of ``verif.bench.library.rules``."""
    source = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    snippet = Snippet(module=f"verif.bench.library.rules.{module}", class_name=class_name, arguments=source)
    rule = Rule(id="the-rule", title="A rule.", snippet=snippet, oracle=Oracle.PROTOCOL, ports=())
    return Bench(design=design, oracles=OracleSet(model=None, rules=(rule,), drivers=()))


def with_model(design: Design, module: str, class_name: str, **arguments: object) -> Bench:
    """Return ``design`` with a model of ``verif.bench.library.models``."""
    source = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    snippet = Snippet(module=f"verif.bench.library.models.{module}", class_name=class_name, arguments=source)
    outputs = tuple(port.name for port in design.outputs)
    model = ReferenceModel(kind=module, snippet=snippet, oracle=Oracle.SPEC, outputs=outputs, requirements=("R1",))
    return Bench(design=design, oracles=OracleSet(model=model, rules=(), drivers=()))


def reset_rows(design: Design, rest: Row, ticks: int = 0) -> list[Row]:
    """Return rows in which every reset is active and the other ports rest, as many as the design asks for."""
    active: Row = {reset.name: int(reset.active_high) for reset in design.resets}
    return [rest | active for _ in range(ticks or reset_ticks(design.clocks, design.resets))]


def out_of_reset(design: Design) -> Row:
    """Return the inactive levels of the resets."""
    return {reset.name: int(not reset.active_high) for reset in design.resets}


def value(cell: int | str) -> int | None:
    """Return what a bench sees of a port: None where a bit is X or Z."""
    return cell if isinstance(cell, int) else int(cell, 2) if set(cell) <= {"0", "1"} else None


def python_verdicts(bench: Bench, rows: Sequence[Row]) -> list[list[bool]]:
    """Return for each rule, then for the model, in which ticks out of reset it finds something wrong."""
    judges: list[Callable[..., bool]] = [_rule(rule.snippet) for rule in bench.oracles.rules]
    if bench.oracles.model:
        judges.append(_model(bench.oracles.model.snippet, bench.design))
    return [_judged(judge, bench.design, rows) for judge in judges]


def _judged(judge: Callable[..., bool], design: Design, rows: Sequence[Row]) -> list[bool]:
    order = clock_order(design.clocks)
    names = [port.name for port in design.outputs]
    found = []
    for row in rows:
        edge = next(order, None)
        outputs = {name: value(row[name]) for name in names}
        inputs = {name: value(cell) for name, cell in row.items() if name not in outputs}
        inputs |= {clock.name: int(clock.name == edge) for clock in design.clocks}
        found.append(judge(inputs, outputs, in_reset(design, row)))
    return found


def in_reset(design: Design, row: Row) -> bool:
    """Return whether any reset is active."""
    return any(row[reset.name] == int(reset.active_high) for reset in design.resets)


def _rule(snippet: Snippet) -> Callable[..., bool]:
    rule = make(snippet)

    def judge(inputs: Any, outputs: Any, reset: bool) -> bool:
        if reset:
            rule.reset()
            return False
        return bool(rule.observe(inputs, outputs))

    return judge


def _model(snippet: Snippet, design: Design) -> Callable[..., bool]:
    """A model as a bench runs it: restarted in reset until its last cycle."""
    model = make(snippet)
    held = 0

    def judge(inputs: Any, outputs: Any, reset: bool) -> bool:
        nonlocal held
        held = held + 1 if reset else 0
        if 0 < held < max(2, reset_ticks(design.clocks, design.resets)):
            model.reset()
            return False
        expected = model.step(inputs)
        return not reset and any(want is not None and outputs[name] != want for name, want in expected.items())

    return judge


@dataclass(frozen=True)
class Heard:
    """What a monitor said, tick by tick."""

    fail: list[bool]
    seen: list[bool]


def hardware_verdicts(bench: Bench, rows: Sequence[Row], directory: Path) -> list[Heard]:
    """Return what each monitor says to ``rows`` under Icarus; anything but 0 and 1 is an error."""
    design, uses = bench.design, bench.uses
    ports = [port for port in design.ports if port.role is not PortRole.CLOCK]
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "rows.txt").write_text("\n".join(_bits(design, ports, row) for row in rows) + "\n")
    (directory / "player.v").write_text(_player(design, ports, uses, len(rows)))
    files = [directory / "player.v"]
    for use in uses:
        files.append(directory / f"{use.module}.sv")
        files[-1].write_text(use.text)
    program = directory / "player.vvp"
    sources = [str(file) for file in dict.fromkeys(files)]
    subprocess.run(["iverilog", "-g2012", "-s", "player", "-o", str(program), *sources], check=True)
    ended = subprocess.run(["vvp", "-n", str(program)], cwd=directory, check=True, capture_output=True, text=True)
    lines = [line[1:] for line in ended.stdout.splitlines() if line.startswith("@")]
    assert len(lines) == len(rows), ended.stdout[-500:]
    assert not {"x", "z"} & set("".join(lines)), "a verdict is X"
    return [
        Heard([line[2 * index] == "1" for line in lines], [line[2 * index + 1] == "1" for line in lines])
        for index in range(len(uses))
    ]


def _bits(design: Design, ports: Iterable[Port], row: Row) -> str:
    cells = [row[port.name] for port in ports]
    text = "".join(
        f"{cell:0{port.width}b}" if isinstance(cell, int) else cell for port, cell in zip(ports, cells, strict=True)
    )
    return text + ("1" if in_reset(design, row) else "0")


def _player(design: Design, ports: Sequence[Port], uses: Sequence[MonitorUse], ticks: int) -> str:
    width = sum(port.width for port in ports) + 1
    order = [name for name in schedule(design) if name]
    rest = {clock.name: "1'b0" if clock.edge is Edge.RISING else "1'b1" for clock in design.clocks}
    low, lines = width, []
    for port in ports:
        low -= port.width
        lines.append(f"  wire [{port.width - 1}:0] obs_{port.name} = row[{low + port.width - 1}:{low}];")
    for index, use in enumerate(uses):
        lines.append(f"  wire fail_{index}, seen_{index};")
        lines.append(use.instance(f"u_{index}", rst="row[0]", fail=f"fail_{index}", seen=f"seen_{index}"))
    shown = ", ".join(f"fail_{index}, seen_{index}" for index in range(len(uses)))
    toggles = [f"      if (tick % {len(order)} == {at}) {name} = !{name};" for at, name in enumerate(order)]
    return "\n".join(
        [
            "`timescale 1ns/1ps",
            "module player;",
            *(f"  reg {name} = {level};" for name, level in rest.items()),
            f"  reg [{width - 1}:0] rows [0:{ticks - 1}];",
            f"  reg [{width - 1}:0] row;",
            "  integer tick;",
            *lines,
            "  initial begin",
            '    $readmemb("rows.txt", rows);',
            "    #1;",
            f"    for (tick = 0; tick < {ticks}; tick = tick + 1) begin",
            "      row = rows[tick];",
            "      #1;",
            f'      $display("@{"%b" * 2 * len(uses)}", {shown});',
            "      #1;",
            *toggles,
            "      #1;",
            *toggles,
            "      #1;",
            "    end",
            "    $finish;",
            "  end",
            "endmodule\n",
        ]
    )


def mixed(rng: random.Random, rate: float, common: int | str, other: int | str) -> int | str:
    """Return ``other`` at ``rate``, else ``common``."""
    return other if rng.random() < rate else common


def x_somewhere(rng: random.Random, number: int, width: int, rate: float) -> int | str:
    """Return ``number``, at ``rate`` with some bits X."""
    if rng.random() >= rate:
        return number
    return "".join("x" if rng.random() < 0.6 else bit for bit in f"{number:0{width}b}")
