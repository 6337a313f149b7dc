"""Make judges: from golden RTL, or from a reference model of the oracle library."""

from __future__ import annotations

import ast
import importlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from verif.bench.library.select import choose_oracles
from verif.bench.oracles import ReferenceModel, Snippet
from verif.campaign.generation.judge import DONT_CARE, ENOUGH, Judge, from_sample
from verif.campaign.generation.rtl_variants import rtl_variants
from verif.design.frontend import read_design
from verif.design.model import Design, Direction, SourceSet
from verif.errors import InputError, ToolError
from verif.plan.baseline import baseline_plan
from verif.plan.model import Driver, Testplan, Testpoint
from verif.plan.play import play
from verif.plan.randomised import random_points
from verif.plan.spec import Specification
from verif.sim.playback import play_on_icarus
from verif.stimulus.generate import Step
from verif.stimulus.rows import Stimulus
from verif.verdict import Ratio, Verdict

_EXHAUSTIVE_BITS = 12
"""Up to so many input bits a combinational design is judged on all inputs."""
_MOST_TICKS = 20_000
_RANDOM_POINTS = 8
_VARIANTS = 24
_STRETCHES = (1, 4)
"""Factors on the length of every phase, tried until the judge rejects enough variants."""


def judge_from_rtl(
    reference: SourceSet, design: Design, specification: Specification, *, seed: int, scratch: Path
) -> Judge:
    """Return a judge that expects what golden RTL does; InputError where its ports differ from those of ``design``.

    Broken variants of the golden RTL show how sharp it is; phases are stretched where it is too dull.
    """
    golden = read_design(reference)
    _demand_same_ports(golden, design)
    judge = None
    for stretch in _STRETCHES:
        stimulus = _stimulus(golden, specification, (), seed, stretch, lambda: _silent(golden))
        judge = _sharpened(golden, stimulus, seed, scratch)
        if not golden.sequential or (judge.variants.fraction or 1.0) >= ENOUGH:
            break
    assert judge is not None
    return replace(judge, design=replace(golden, top=design.top))


def judge_from_library(design: Design, specification: Specification, *, seed: int) -> Judge | None:
    """Return a judge that expects what the library's reference model says, or None where no model fits."""
    oracles = choose_oracles(design, specification)
    if oracles.model is None:
        return None
    model = oracles.model
    expected: list[str] = []

    def step() -> Step:
        return _recording(make(model.snippet), model, design, expected)

    stimulus = _stimulus(design, specification, oracles.drivers, seed, 1, step)
    if design.sequential:
        expected[0] = DONT_CARE * len(expected[0])  # a synchronous reset acts at the end of the first cycle
    return Judge(
        origin=f"reference model {model.kind}",
        design=design,
        stimulus=stimulus,
        expected=tuple(expected[: len(stimulus)]),
        exhaustive=_few_inputs(design),
    )


def stimulus_alone(design: Design, specification: Specification, *, seed: int) -> Judge:
    """Return a judge to which everything is right; it only shows that a draft compiles and runs."""
    stimulus = _stimulus(design, specification, (), seed, 1, lambda: _silent(design))
    row = DONT_CARE * sum(port.width for port in design.outputs)
    return Judge(origin="", design=design, stimulus=stimulus, expected=(row,) * len(stimulus))


def make(snippet: Snippet) -> Any:
    """Return an instance of a library class; its arguments are literals."""
    call = ast.parse(f"f({snippet.arguments})", mode="eval").body
    assert isinstance(call, ast.Call), "a snippet's arguments are an argument list"
    values = {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}
    module = importlib.import_module(snippet.module)
    return getattr(module, snippet.class_name)(*map(ast.literal_eval, call.args), **values)


def _sharpened(golden: Design, stimulus: Stimulus, seed: int, scratch: Path) -> Judge:
    sample = play_on_icarus(golden.sources, golden, stimulus, scratch / "golden", sandbox=None)
    if sample.verdict is not Verdict.PASS:
        raise ToolError("PE524", f"the reference {golden.top} could not be simulated: {sample.message}")
    files = ", ".join(path.name for path in golden.sources.files)
    judge = Judge(
        origin=f"golden RTL {files}",
        design=golden,
        stimulus=stimulus,
        expected=from_sample(sample.outputs),
        exhaustive=_few_inputs(golden),
    )
    rejected, survivors = 0, []
    for number, (title, sources) in enumerate(_variants(golden, seed, scratch)):
        played = play_on_icarus(sources, golden, stimulus, scratch / f"variant{number}", sandbox=None)
        if played.verdict is Verdict.UNSUPPORTED:
            continue  # stillborn
        if played.verdict is Verdict.PASS and judge.complaint(played.outputs) is None:
            survivors.append(title)
        else:
            rejected += 1
    variants = Ratio(count=rejected, total=rejected + len(survivors))
    return replace(judge, variants=variants, survivors=tuple(survivors))


def _variants(golden: Design, seed: int, scratch: Path) -> list[tuple[str, SourceSet]]:
    """Return broken variants of the file that defines the top, as title and sources."""
    files = list(golden.sources.files)
    place = next((index for index, file in enumerate(files) if f"module {golden.top}" in _text(file)), None)
    if place is None:
        return []
    found = []
    for number, variant in enumerate(rtl_variants(_text(files[place]), most=_VARIANTS, seed=seed)):
        changed = scratch / f"variant{number}" / files[place].name
        changed.parent.mkdir(parents=True, exist_ok=True)
        changed.write_text(variant.text, encoding="utf-8")
        found.append((variant.title, replace(golden.sources, files=(*files[:place], changed, *files[place + 1 :]))))
    return found


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _stimulus(
    design: Design,
    specification: Specification,
    drivers: Sequence[Driver],
    seed: int,
    stretch: int,
    step: Callable[[], Step],
) -> Stimulus:
    """Return the baseline's and some random test points as one stimulus, or all inputs where they are few."""
    inputs = [port for port in design.ports if port.direction is Direction.INPUT]
    if _few_inputs(design):
        rows = tuple(itertools.product(*(range(1 << port.width) for port in inputs)))
        answer = step()
        for row in rows:
            answer(dict(zip((port.name for port in inputs), row, strict=True)))
        return Stimulus(ports=tuple(port.name for port in inputs), rows=rows)
    plan = baseline_plan(design, specification.requirements, drivers)
    points = [*plan.points, *random_points(plan, seed, _RANDOM_POINTS)] if plan.knobs else list(plan.points)
    return _joined(plan, [_stretched(point, stretch) for point in points], design, seed, step())


def _few_inputs(design: Design) -> bool:
    """Whether a combinational design is judged on every input that there is."""
    width = sum(port.width for port in design.ports if port.direction is Direction.INPUT)
    return not design.sequential and width <= _EXHAUSTIVE_BITS


def _stretched(point: Testpoint, factor: int) -> Testpoint:
    longer = tuple(phase.model_copy(update={"cycles": phase.cycles * factor}) for phase in point.phases)
    return point.model_copy(update={"phases": longer})


def _joined(plan: Testplan, points: Sequence[Testpoint], design: Design, seed: int, step: Step) -> Stimulus:
    """Play the points one after the other; each begins with reset."""
    whole: Stimulus | None = None
    for point in points:
        part = play(plan, point, seed=seed, step=step, clocks=design.clocks, resets=design.resets)
        whole = part if whole is None else replace(whole, rows=(*whole.rows, *part.rows))
        if len(whole) > _MOST_TICKS:
            break
    if whole is None:
        raise InputError("PE525", "the plan has no test points to judge with", where=design.top)
    return replace(whole, rows=whole.rows[:_MOST_TICKS])


def _silent(design: Design) -> Step:
    nothing = dict.fromkeys(port.name for port in design.outputs)
    return lambda inputs: nothing


def _recording(instance: Any, model: ReferenceModel, design: Design, expected: list[str]) -> Step:
    """Return a step that asks the model and keeps what it expects."""
    instance.reset()

    def step(inputs: Mapping[str, int]) -> Mapping[str, int | None]:
        outputs: Mapping[str, int | None] = instance.step(dict(inputs))
        expected.append("".join(_bits(outputs.get(port.name), port.width) for port in design.outputs))
        return {port.name: outputs.get(port.name) for port in design.outputs}

    return step


def _bits(value: int | None, width: int) -> str:
    return DONT_CARE * width if value is None else f"{value & ((1 << width) - 1):0{width}b}"


def _demand_same_ports(golden: Design, design: Design) -> None:
    wanted = {port.name: (port.direction, port.width) for port in design.ports}
    given = {port.name: (port.direction, port.width) for port in golden.ports}
    for name in sorted(wanted.keys() | given.keys()):
        if wanted.get(name) != given.get(name):
            told = " but ".join(
                f"{who} {_port(ports.get(name))}"
                for who, ports in (("the reference has", given), ("the interface", wanted))
            )
            raise InputError(
                "PE523",
                f"port '{name}' differs: {told}",
                where=str(golden.sources.files[0]) if golden.sources.files else golden.top,
                hint="the reference needs the ports of the module that is to be written",
            )


def _port(port: tuple[Direction, int] | None) -> str:
    return f"{port[0]} of {port[1]} bits" if port else "none"
