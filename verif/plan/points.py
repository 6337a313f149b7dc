"""The baseline's test points: what a verification engineer would try first on each kind of interface."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from verif.design.model import Design
from verif.plan.budget import Budget
from verif.plan.model import Driver, Knob, Phase, Setting, Testpoint
from verif.plan.moods import mood, mood_of, quiet_level

SOURCES = ("StreamSource", "InstructionSource", "FifoPush")
SINKS = ("StreamSink", "FifoPop")
PLAIN = ("Values", "Bits", "Pulses", "Selection", "Configuration", "AddressLines")
BUSES = ("ApbMaster", "AxiLiteMaster", "WishboneMaster")
CONTROLS = 8
"""Single inputs that get a phase of their own at either level; with more, the time goes elsewhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """What the points are made for."""

    design: Design
    drivers: tuple[Driver, ...]
    budget: Budget

    def of(self, *kinds: str) -> tuple[Driver, ...]:
        """Return the drivers of these kinds."""
        return tuple(driver for driver in self.drivers if driver.kind in kinds)

    def phase(self, name: str, cycles: int, **moods: str) -> Phase:
        """Return a phase in mood ``name``; ``moods`` sets single drivers, by name, to another mood."""
        settings = mood(self.drivers, name)
        for driver in self.drivers:
            if driver.name in moods:
                settings = {k: v for k, v in settings.items() if not k.startswith(f"{driver.name}_")}
                settings |= mood_of(driver, moods[driver.name])
        return Phase(cycles=self.budget.ticks(cycles), settings=settings)

    def sides(self, name: str, cycles: int, *, sources: str, sinks: str) -> Phase:
        """Return a phase in mood ``name`` with all sources and all sinks in moods of their own."""
        moods = {driver.name: sources for driver in self.of(*SOURCES)}
        return self.phase(name, cycles, **moods, **{driver.name: sinks for driver in self.of(*SINKS)})


def with_settings(phase: Phase, settings: Mapping[str, Setting]) -> Phase:
    """Return ``phase`` with further settings."""
    return phase.model_copy(update={"settings": {**phase.settings, **settings}})


def baseline_points(design: Design, drivers: tuple[Driver, ...], budget: Budget) -> tuple[Testpoint, ...]:
    """Return the points, without requirements."""
    what = Situation(design=design, drivers=drivers, budget=budget)
    if not drivers:
        return (_free_run(what),)
    makers = (
        _general,
        _fifo,
        _channels,
        _buses,
        _requests,
        _operations,
        _lines,
        _controls,
        _selections,
        _steady,
        _restart,
        _long,
    )
    return tuple(point for make in makers for point in make(what))


def _free_run(what: Situation) -> Testpoint:
    cycles = 4000 if what.design.sequential else 8
    phases = (what.phase("typical", cycles), what.phase("typical", max(4, cycles // 8)))
    return Testpoint(
        id="free_run",
        intent="There is nothing to drive but clock and reset: the design runs freely, and again after a reset.",
        phases=phases,
        reset_midway=bool(what.design.resets),
    )


def _general(what: Situation) -> Iterator[Testpoint]:
    yield Testpoint(
        id="smoke",
        intent="Out of reset, quiet at first, then light traffic.",
        phases=(what.phase("idle", 8), what.phase("slow", 40), what.phase("typical", 60)),
    )
    yield Testpoint(
        id="typical",
        intent="Everyday traffic, evenly and in bursts.",
        phases=(what.phase("typical", 160), what.phase("bursts", 120)),
    )
    yield Testpoint(
        id="corner_values",
        intent="Extreme values: all zeros, all ones, single bits, neighbours of powers of two, equal operands.",
        phases=(what.phase("corners", 140), what.phase("rough", 60), what.phase("corners", 60)),
    )
    yield Testpoint(
        id="busy_then_idle",
        intent="Full load, then nothing, then full load again: nothing is lost or made up in the pause.",
        phases=(what.phase("busy", 100), what.phase("idle", 24), what.phase("busy", 60)),
    )


def _fifo(what: Situation) -> Iterator[Testpoint]:
    pushes, pops = what.of("FifoPush"), what.of("FifoPop")
    if not pushes or not pops:
        return
    depth = int(str(pushes[0].options.get("depth", 0))) or 16
    enough = depth + 4 if depth <= 256 else 260
    yield Testpoint(
        id="fill_and_drain",
        intent="Fill to full without a write too many, rest, drain to empty; twice, so that the pointers wrap.",
        phases=(
            *(what.sides("typical", enough * 2, sources="busy", sinks="idle"), what.phase("idle", 6)),
            *(what.sides("typical", enough * 2, sources="idle", sinks="busy"), what.phase("idle", 6)),
            what.sides("typical", enough * 2, sources="busy", sinks="idle"),
            what.sides("typical", enough * 2, sources="idle", sinks="busy"),
        ),
    )
    yield Testpoint(
        id="overflow_and_underflow",
        intent="Writes go on while full, reads go on while empty: they must change nothing.",
        phases=(
            what.sides("typical", enough + 8, sources="rough", sinks="idle"),
            what.sides("typical", enough + 8, sources="idle", sinks="rough"),
            what.sides("typical", 4 * enough, sources="rough", sinks="typical"),
            what.sides("typical", 4 * enough, sources="typical", sinks="rough"),
        ),
    )
    yield Testpoint(
        id="both_at_once",
        intent="Write and read in the same cycle: at full, at empty and in between.",
        phases=(
            what.sides("typical", 30, sources="rough", sinks="rough"),
            what.sides("typical", enough + 4, sources="rough", sinks="idle"),
            what.sides("typical", 50, sources="rough", sinks="rough"),
            what.sides("typical", enough, sources="idle", sinks="typical"),
            what.sides("typical", 40, sources="rough", sinks="rough"),
        ),
    )


def _channels(what: Situation) -> Iterator[Testpoint]:
    if not what.of("StreamSource", "InstructionSource", "StreamSink"):
        return
    yield Testpoint(
        id="back_pressure",
        intent="Fast sources against slow sinks and the other way round, then both in bursts.",
        phases=(
            what.sides("typical", 120, sources="busy", sinks="slow"),
            what.sides("typical", 80, sources="slow", sinks="busy"),
            what.sides("bursts", 120, sources="bursts", sinks="bursts"),
            what.sides("typical", 60, sources="busy", sinks="rough"),
        ),
    )
    yield Testpoint(
        id="full_throughput",
        intent="Both sides ready all the time, then every stall lasts one cycle only.",
        phases=(
            what.sides("typical", 60, sources="busy", sinks="busy"),
            what.sides("typical", 60, sources="busy", sinks="typical"),
        ),
    )


def _buses(what: Situation) -> Iterator[Testpoint]:
    buses = what.of(*BUSES)
    if not buses:
        return
    writing, reading = _only(buses, "write"), _only(buses, "read")
    yield Testpoint(
        id="bus_accesses",
        intent="Write all over the low addresses, read them back, then mix reads and writes.",
        phases=(
            with_settings(what.phase("corners", 100), writing),
            with_settings(what.phase("corners", 100), reading),
            what.phase("typical", 100),
            what.phase("bursts", 100),
        ),
    )
    yield Testpoint(
        id="bus_errors",
        intent="Odd addresses and byte enables, slow responses: nothing hangs and nothing else changes.",
        phases=(what.phase("rough", 120), what.phase("typical", 60), what.phase("slow", 60)),
    )
    small = {f"{bus.name}_data": "small" for bus in buses}
    yield Testpoint(
        id="program_and_run",
        intent="Program small values, leave the design alone for a while, read what became of it; several times.",
        phases=(
            *5
            * (
                with_settings(what.phase("busy", 16), {**writing, **small}),
                what.phase("idle", 40),
                with_settings(what.phase("typical", 24), reading),
            ),
            with_settings(what.phase("busy", 800), small),
            what.phase("slow", 200),
        ),
    )


def _only(buses: Sequence[Driver], side: str) -> dict[str, Setting]:
    """Return settings under which the buses only write or only read."""
    settings: dict[str, Setting] = {f"{bus.name}_write": 9 if side == "write" else 0 for bus in buses}
    axi = [bus for bus in buses if bus.kind == "AxiLiteMaster"]
    return settings | {f"{bus.name}_read": 0 if side == "write" else 9 for bus in axi}


def _after_reset(what: Situation) -> Phase:
    """Return what shows best whether anything survived a reset: reads of a bus, else rest."""
    buses = what.of(*BUSES)
    return with_settings(what.phase("typical", 40), _only(buses, "read")) if buses else what.phase("idle", 12)


def _requests(what: Situation) -> Iterator[Testpoint]:
    requesters = what.of("Requester")
    if not requesters:
        return
    free = {f"{driver.name}_hold": "free" for driver in requesters}
    single = {f"{driver.name}_lines": "one" for driver in requesters}
    yield Testpoint(
        id="all_request",
        intent="Everyone requests all the time, then one at a time, then lines rise and fall at will.",
        phases=(
            what.phase("busy", 80),
            with_settings(what.phase("busy", 60), {f"{driver.name}_lines": "all" for driver in requesters}),
            with_settings(what.phase("typical", 80), single),
            with_settings(what.phase("typical", 80), free),
            with_settings(what.phase("slow", 60), free),
        ),
    )


def _operations(what: Situation) -> Iterator[Testpoint]:
    operations = what.of("Operation")
    if not operations:
        return
    yield Testpoint(
        id="operations",
        intent="Operations back to back, then with pauses, then with starts and changing operands while one runs.",
        phases=(what.phase("busy", 120), what.phase("slow", 60), what.phase("rough", 120), what.phase("bursts", 80)),
    )


def _lines(what: Situation) -> Iterator[Testpoint]:
    lines = what.of("UartLine")
    if not lines:
        return
    yield Testpoint(
        id="line_errors",
        intent="Frames without gaps, then broken stop and parity bits, breaks, glitches and noisy edges.",
        phases=(what.phase("busy", 120), what.phase("rough", 160), what.phase("typical", 60)),
    )


def _controls(what: Situation) -> Iterator[Testpoint]:
    """Hold each single control at either level while the others live."""
    bits = what.of("Bits")
    if not bits or len(bits) > CONTROLS:
        return
    phases: list[Phase] = []
    for bit in bits:
        quiet = quiet_level(bit)
        for level in (9 - quiet, quiet):
            phases.append(with_settings(what.phase("typical", 30), {f"{bit.name}_rate": level}))
    yield Testpoint(
        id="held_controls",
        intent=f"Each of {', '.join(bit.name for bit in bits)} held at one level for long, then at the other.",
        phases=tuple(phases),
    )


def _selections(what: Situation) -> Iterator[Testpoint]:
    selections = what.of("Selection")
    if not selections:
        return
    moods = {driver.name: "corners" for driver in selections}
    rough = {driver.name: "rough" for driver in selections}
    yield Testpoint(
        id="every_selection",
        intent=f"All values of {', '.join(driver.name for driver in selections)} in turn, meaningless ones as well.",
        phases=(
            what.phase("typical", 160, **moods),
            what.phase("corners", 160, **moods),
            what.phase("rough", 100, **moods),
            what.phase("typical", 40, **rough),
        ),
    )


def _steady(what: Situation) -> Iterator[Testpoint]:
    """Run long without a pause where inputs are plain: such designs hold the counters that must get far."""
    if what.design.sequential and all(driver.kind in PLAIN for driver in what.drivers):
        yield Testpoint(
            id="steady_run",
            intent="A long run without a pause or a reset, so that what counts gets far.",
            phases=(what.phase("typical", 320), what.phase("busy", 480)),
        )


def _restart(what: Situation) -> Iterator[Testpoint]:
    if what.design.resets:
        yield Testpoint(
            id="reset_in_operation",
            intent="Reset while everything moves: afterwards the design is as new.",
            phases=(what.phase("busy", 50), what.phase("typical", 30), _after_reset(what), what.phase("typical", 40)),
            reset_midway=True,
        )
        yield Testpoint(
            id="reset_under_load",
            intent="Reset under full load with everything backed up, and full load again at once.",
            phases=(what.sides("busy", 40, sources="busy", sinks="slow"), what.phase("busy", 40)),
            reset_midway=True,
        )


def _long(what: Situation) -> Iterator[Testpoint]:
    rng = random.Random(f"baseline:{what.design.top}")
    knobs = [knob for driver in what.drivers for knob in driver.knobs if not knob.name.endswith("_contents")]
    phases = [
        Phase(cycles=what.budget.ticks(110), settings={k.name: _any_setting(rng, k) for k in _some(rng, knobs)})
        for _ in range(8)
    ]
    yield Testpoint(id="long_random", intent="A long run with the knobs turned at random.", phases=tuple(phases))


def _some(rng: random.Random, knobs: Sequence[Knob]) -> list[Knob]:
    """Return about half of the knobs, at most 40, in order."""
    chosen = sorted(rng.sample(range(len(knobs)), min(40, (len(knobs) + 1) // 2)))
    return [knobs[index] for index in chosen]


def _any_setting(rng: random.Random, knob: Knob) -> Setting:
    return rng.randint(1, 9) if knob.kind == "rate" else rng.choice(knob.choices)
