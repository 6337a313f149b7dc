"""A monitor says the same as its Python rule in every cycle, over hundreds of legal and broken traces."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.fifo_traces import Rows, Traffic, fifo_traffic, make_order, two_clock_traffic
from tests.support.monitors import (
    Bench,
    Row,
    hardware_verdicts,
    mixed,
    out_of_reset,
    ports_design,
    python_verdicts,
    reset_rows,
    with_rule,
    x_somewhere,
)
from verif.bench.render import schedule
from verif.design.model import Clock, Edge, Reset

RESET = ("rst_n", 0, False)
LOW = Reset(name="rst_n", active_high=False, asynchronous=False, cycles=2)
TRACES = 250
LENGTH = 60


def stable_traffic(rng: random.Random, wrong: float) -> Rows:
    """A source with a data and a keep output, that sometimes drops or changes its offer, and settings."""
    valid, data, keep, select = 0, 0, 0, 0
    eager, taking, turning = rng.random(), rng.random(), rng.choice((0.0, 0.02, 0.3))
    while True:
        ready = int(rng.random() < taking)
        shown: Row = {
            "data": x_somewhere(rng, data, 9, wrong),
            "keep": keep,
            "valid": mixed(rng, wrong / 2, valid, "x"),
        }
        yield shown | {"ready": ready, "select": select}
        if not valid or ready or rng.random() < wrong:
            valid = int(rng.random() < eager)
            data, keep = rng.getrandbits(9), rng.getrandbits(1)
        if rng.random() < wrong:
            data ^= 1 << rng.randrange(9)
        if rng.random() < turning:
            select = rng.getrandbits(2)


def stable(*payload: str, settings: tuple[str, ...] = ()) -> Bench:
    design = ports_design({"ready": 1, "select": 2}, {"valid": 1, "data": 9, "keep": 1}, resets=(LOW,))
    options = {"settings": list(settings)} if settings else {}
    arguments = {"valid": "valid", "ready": "ready", "payload": list(payload), "clock": "clk", "reset": RESET}
    return with_rule(design, "valid_stable", "ValidStableRule", **arguments, **options)


def fifo(depth: int, *clocks: Clock) -> Bench:
    resets = [Reset(name=f"{clock.name}_rst", active_high=True, asynchronous=True, cycles=2) for clock in clocks]
    design = ports_design({"wr_en": 1, "rd_en": 1}, {"full": 1, "empty": 1}, clocks=clocks, resets=resets)
    return with_rule(
        design,
        "fifo_flags",
        "FifoFlagsRule",
        ports={name: name for name in ("wr_en", "rd_en", "full", "empty")},
        wr_clock=clocks[0].name,
        rd_clock=clocks[-1].name,
        resets=[(reset.name, 1, True) for reset in resets],
        depth=depth,
    )


def fifo_order(ahead: bool) -> Bench:
    design = ports_design({"wr_en": 1, "rd_en": 1, "wr_data": 6}, {"full": 1, "empty": 1, "rd_data": 6}, resets=(LOW,))
    return with_rule(
        design,
        "fifo_order",
        "FifoOrderRule",
        ports={name: name for name in ("wr_en", "wr_data", "full", "rd_en", "rd_data", "empty")},
        wr_clock="clk",
        rd_clock="clk",
        resets=[RESET],
        show_ahead=ahead,
    )


def grant_traffic(rng: random.Random, wrong: float, registered: bool = False) -> Rows:
    """An arbiter that sometimes grants anybody."""
    earlier = 0
    while True:
        req = rng.getrandbits(4) & rng.getrandbits(4)
        asking = [index for index in range(4) if (earlier if registered else req) >> index & 1]
        gnt = 1 << rng.choice(asking) if asking and rng.random() < 0.8 else 0
        yield {"req": req, "gnt": x_somewhere(rng, mixed(rng, wrong, gnt, rng.getrandbits(4)), 4, wrong)}
        earlier = req


def grant(registered: bool) -> Bench:
    design = ports_design({"req": 4}, {"gnt": 4}, clocks=(Clock(name="clk", edge=Edge.FALLING),), resets=(LOW,))
    return with_rule(
        design, "grant", "GrantRule", req="req", gnt="gnt", clock="clk", reset=RESET, registered=registered
    )


def axi_traffic(rng: random.Random, wrong: float) -> Rows:
    """An AXI4-Lite target that answers what it took, and sometimes what it didn't."""
    owed = {"b": 0, "r": 0, "aw": 0, "w": 0}
    rates = {name: rng.random() for name in ("awvalid", "wvalid", "arvalid", "bready", "rready", "ready", "answer")}
    while True:
        row: Row = {
            name: int(rng.random() < rates[name]) for name in ("awvalid", "wvalid", "arvalid", "bready", "rready")
        }
        for channel in ("aw", "w", "ar"):
            row[channel + "ready"] = mixed(rng, wrong / 2, int(rng.random() < rates["ready"]), "x")
        for channel in ("b", "r"):
            answers = int(owed[channel] > 0 and rng.random() < rates["answer"])
            row[channel + "valid"] = mixed(rng, wrong, answers, rng.choice((1 - answers, "x")))
            row[channel + "resp"] = mixed(rng, wrong, rng.choice((0, 2, 3)), rng.choice((1, "0x")))
            if answers and row[channel + "ready"]:
                owed[channel] -= 1
        yield row
        for channel in ("aw", "w"):
            owed[channel] += int(row[channel + "valid"] == 1 == row[channel + "ready"])
        done = min(owed["aw"], owed["w"])
        owed["b"], owed["aw"], owed["w"] = owed["b"] + done, owed["aw"] - done, owed["w"] - done
        owed["r"] += int(row["arvalid"] == 1 == row["arready"])


def axi(*missing: str) -> Bench:
    inputs = {"awvalid": 1, "wvalid": 1, "arvalid": 1, "bready": 1, "rready": 1}
    outputs = {"awready": 1, "wready": 1, "arready": 1, "bvalid": 1, "rvalid": 1, "bresp": 2, "rresp": 2}
    ports = {name: name for name in (*inputs, *outputs) if name not in missing}
    design = ports_design(inputs, outputs, resets=(LOW,))
    return with_rule(design, "axi_lite_target", "AxiLiteTargetRule", ports=ports, clock="clk", reset=RESET)


def wishbone_traffic(rng: random.Random, wrong: float) -> Rows:
    """A target that acknowledges at once, or a cycle late at the rate of mischief."""
    asked = 0
    calling = rng.random()
    while True:
        cyc, stb = int(rng.random() < calling), int(rng.random() < 0.8)
        late = rng.random() < wrong
        kind = rng.choice(("ack", "ack", "ack", "err", "rty"))
        row: Row = dict.fromkeys(("ack", "err", "rty"), 0) | {"cyc": cyc, "stb": stb}
        row[kind] = asked if late else cyc & stb & int(rng.random() < 0.7)
        other = rng.choice(("ack", "err", "rty"))
        row[other] = mixed(rng, wrong, row[other], rng.choice((1, "x")))
        yield row
        asked = cyc & stb


def wishbone(**options: object) -> Bench:
    design = ports_design({"cyc": 1, "stb": 1}, {"ack": 1, "err": 1, "rty": 1}, resets=(LOW,))
    arguments = {"request": ["cyc", "stb"], "answers": ["ack", "err", "rty"], "clock": "clk", "reset": RESET}
    return with_rule(design, "wishbone_target", "WishboneTargetRule", **arguments, **options)


def make_results(operation: str, group: int, registered: bool) -> Traffic:
    """A block that makes results in order and sometimes loses, invents, repeats or spoils one."""

    def result(taken: list[tuple[int, int]]) -> int:
        firsts = [a for a, _ in taken]
        if operation == "multiply":
            return taken[0][0] * taken[0][1] & 0xFF
        if operation == "add":
            return sum(taken[0]) & 0xFF
        if operation == "pack":
            return int("".join(f"{value:04b}" for value in firsts), 2) & 0xFF
        return sum(firsts) & 0xFF

    def traffic(rng: random.Random, wrong: float) -> Rows:
        taken: list[tuple[int, int]] = []
        due: list[int] = []
        feeding, giving, reading = rng.random(), rng.random(), rng.random()
        while True:
            a, b = rng.getrandbits(4), rng.getrandbits(4)
            valid_in, ready_in, ready_out = (
                int(rng.random() < feeding),
                int(rng.random() < 0.8),
                int(rng.random() < reading),
            )
            if not registered and valid_in and ready_in:
                taken.append((a, b))
                if len(taken) == group:
                    due.append(result(taken))
                    taken.clear()
            valid_out = int(bool(due) and rng.random() < giving)
            word = due[0] if due else rng.getrandbits(8)
            yield {
                "valid_in": valid_in,
                "ready_in": mixed(rng, wrong / 4, ready_in, "x"),
                "a": a,
                "b": b,
                "valid_out": mixed(rng, wrong / 2, valid_out, rng.choice((1, "x"))),
                "ready_out": ready_out,
                "result": x_somewhere(rng, mixed(rng, wrong, word, rng.getrandbits(8)), 8, wrong / 4),
            }
            if valid_out and ready_out:
                due.pop(0)
            if registered and valid_in and ready_in:
                taken.append((a, b))
                if len(taken) == group:
                    due.append(result(taken))
                    taken.clear()

    return traffic


def results(operation: str, group: int, registered: bool) -> Bench:
    design = ports_design(
        {"valid_in": 1, "a": 4, "b": 4, "ready_out": 1}, {"ready_in": 1, "valid_out": 1, "result": 8}, resets=(LOW,)
    )
    return with_rule(
        design,
        "results_in_order",
        "ResultsInOrderRule",
        operation=operation,
        operands=["a", "b"] if operation in ("add", "multiply") else ["a"],
        result="result",
        width=8,
        valid_in="valid_in",
        ready_in="ready_in",
        valid_out="valid_out",
        ready_out="ready_out",
        clock="clk",
        reset=RESET,
        group=group,
        operand_width=4,
        registered=registered,
    )


def known_traffic(rng: random.Random, wrong: float) -> Rows:
    """Outputs of which one is sometimes unknown."""
    while True:
        valid = rng.getrandbits(1)
        yield {
            "valid": mixed(rng, wrong, valid, rng.choice("xz")),
            "data": x_somewhere(rng, rng.getrandbits(5), 5, wrong),
            "last": mixed(rng, wrong, 0, "z"),
        }


def known() -> Bench:
    design = ports_design({}, {"valid": 1, "data": 5, "last": 1}, resets=(LOW,))
    return with_rule(design, "known", "KnownRule", outputs=["valid", "data", "last"])


def payload_known() -> Bench:
    design = ports_design({}, {"valid": 1, "data": 5, "last": 1}, resets=(LOW,))
    payload = {"data": "valid", "last": "valid"}
    return with_rule(design, "payload_known", "PayloadKnownRule", payload=payload, resets=[RESET])


TWO_CLOCKS = (Clock(name="wr_clk", ratio=2), Clock(name="rd_clk", ratio=3))
CASES: dict[str, tuple[Bench, Traffic]] = {
    "stable": (stable("data", "keep"), stable_traffic),
    "stable without payload": (stable(), stable_traffic),
    "stable with settings": (stable("keep", "data", settings=("select",)), stable_traffic),
    "fifo": (fifo(4, Clock(name="clk")), fifo_traffic),
    "fifo of unknown depth": (fifo(0, Clock(name="clk")), fifo_traffic),
    "fifo on two clocks": (fifo(4, *TWO_CLOCKS), two_clock_traffic),
    "fifo order": (fifo_order(True), make_order(True)),
    "fifo order, read data late": (fifo_order(False), make_order(False)),
    "grant": (grant(False), grant_traffic),
    "registered grant": (grant(True), lambda rng, wrong: grant_traffic(rng, wrong, True)),
    "axi": (axi(), axi_traffic),
    "axi without response codes": (axi("bresp", "rresp"), axi_traffic),
    "axi without writes": (axi("awvalid", "wvalid", "awready", "wready", "bvalid", "bready"), axi_traffic),
    "wishbone": (wishbone(), wishbone_traffic),
    "wishbone, maybe pipelined": (wishbone(maybe_pipelined=True), wishbone_traffic),
    "pass": (results("pass", 1, False), make_results("pass", 1, False)),
    "sum": (results("sum", 4, True), make_results("sum", 4, True)),
    "add": (results("add", 1, True), make_results("add", 1, True)),
    "multiply": (results("multiply", 1, False), make_results("multiply", 1, False)),
    "pack": (results("pack", 2, True), make_results("pack", 2, True)),
    "known": (known(), known_traffic),
    "payload known": (payload_known(), known_traffic),
}


def traces(bench: Bench, traffic: Traffic, seed: int, mischief: Sequence[float]) -> list[Row]:
    """Return many traces in a row, with more or less mischief, and resets between and within them."""
    rows: list[Row] = []
    order = schedule(bench.design)
    resting = dict.fromkeys((port.name for port in bench.design.ports), 0)
    for number in range(TRACES):
        rng = random.Random(seed * TRACES + number)
        wrong = mischief[number % len(mischief)]
        rows += reset_rows(bench.design, resting, rng.choice((0, 0, 1)))
        source, edge = traffic(rng, wrong), None
        for _ in range(rng.randrange(1, LENGTH)):
            if number % 8 > 3 and rng.random() < 0.03:
                rows += reset_rows(bench.design, resting, 1)
                source, edge = traffic(rng, wrong), None
            rows.append(source.send(edge) | out_of_reset(bench.design))
            edge = order[(len(rows) - 1) % len(order)]
    return rows


@pytest.mark.parametrize("case", CASES)
def test_monitor_fails_in_the_same_cycles_as_its_rule(case: str, tmp_path: Path) -> None:
    bench, traffic = CASES[case]
    rows = traces(bench, traffic, 1, (0.0, 0.02, 0.1, 0.4))
    expected = python_verdicts(bench, rows)[0]
    heard = hardware_verdicts(bench, rows, tmp_path)[0]
    different = [tick for tick, pair in enumerate(zip(expected, heard.fail, strict=True)) if len(set(pair)) > 1]
    assert not different, f"tick {different[0]}: the rule says {expected[different[0]]}: {rows[different[0]]}"
    assert 20 < sum(expected) < len(rows)
    assert sum(heard.seen) > 100


@pytest.mark.parametrize("case", CASES)
def test_monitor_is_silent_and_not_vacuous_on_legal_traces(case: str, tmp_path: Path) -> None:
    bench, traffic = CASES[case]
    heard = hardware_verdicts(bench, traces(bench, traffic, 2, (0.0,)), tmp_path)[0]
    assert not any(heard.fail)
    assert sum(heard.seen) > 100


def test_monitor_is_never_seen_where_nothing_happens(tmp_path: Path) -> None:
    def quiet(rng: random.Random, wrong: float) -> Rows:
        while True:
            yield dict.fromkeys(("valid", "ready", "data", "keep", "select"), 0)

    bench = stable("data")
    heard = hardware_verdicts(bench, traces(bench, quiet, 1, (0.0,)), tmp_path)[0]
    assert not any(heard.seen) and not any(heard.fail)


def test_fifo_checker_says_nothing_after_a_reset_of_one_side_until_both_are_in_reset(tmp_path: Path) -> None:
    bench = fifo(4, *TWO_CLOCKS)
    idle: Row = {"wr_en": 0, "rd_en": 0, "full": 0, "empty": 1, "wr_clk_rst": 0, "rd_clk_rst": 0}
    both = idle | {"wr_clk_rst": 1, "rd_clk_rst": 1}
    wrong = idle | {"empty": 0}
    rows = [both, both, both, wrong, *[idle | {"rd_clk_rst": 1}] * 3, wrong, wrong, *[both] * 3, wrong]
    heard = hardware_verdicts(bench, rows, tmp_path)[0]
    assert [tick for tick, fails in enumerate(heard.fail) if fails] == [3, 12]
