"""Each rule accepts a legal trace, and names what is wrong in one that breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.oracles import SYNCHRONOUS, same
from verif.bench.library.rules.axi_lite_target import AxiLiteTargetRule
from verif.bench.library.rules.fifo_flags import FifoFlagsRule
from verif.bench.library.rules.fifo_order import FifoOrderRule
from verif.bench.library.rules.grant import GrantRule
from verif.bench.library.rules.payload_known import PayloadKnownRule
from verif.bench.library.rules.results_in_order import ResultsInOrderRule
from verif.bench.library.rules.valid_stable import ValidStableRule
from verif.bench.library.rules.wishbone_target import WishboneTargetRule

Row = tuple[dict[str, int], dict[str, int | None]]


def observed(rule: Any, rows: Sequence[Row]) -> str | None:
    """The first message over a trace; clock and reset are filled in."""
    for inputs, outputs in rows:
        if message := rule.observe({"clk": 1, "rst": 0} | inputs, outputs):
            return message
    return None


def offers(*rows: tuple[int, int | None, int]) -> list[Row]:
    """Cycles of a stream as (valid, data, ready)."""
    return [({"ready": ready}, {"valid": valid, "data": data}) for valid, data, ready in rows]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (offers((1, 5, 0), (1, 5, 1), (1, 6, 1), (0, None, 0)), None),
        (offers((1, 5, 0), (0, 5, 1)), "valid fell before ready took the offer"),
        (offers((1, 5, 0), (1, 6, 1)), "data changed from 5 to 6 while valid waited for ready"),
        (offers((1, 5, 0), (1, None, 1)), "data changed from 5 to None while valid waited for ready"),
        ([*offers((1, 5, 0)), ({"rst": 1, "ready": 0}, {"valid": 0, "data": 0}), *offers((0, 0, 0))], None),
        ([*offers((1, 5, 0)), ({"clk": 0, "ready": 0}, {"valid": 0, "data": 0}), *offers((1, 5, 0))], None),
    ],
)
def test_offer_stands_until_it_is_taken(rows: list[Row], message: str | None) -> None:
    rule = ValidStableRule(valid="valid", ready="ready", payload=["data"], clock="clk", reset=SYNCHRONOUS)
    assert observed(rule, rows) == message


@pytest.mark.parametrize(
    ("req", "gnt", "message"),
    [
        ([0b0110], [0b0100], None),
        ([0b0110], [0], None),
        ([0b0110], [0b0110], "gnt grants several at once: 0b110"),
        ([0b0110], [0b1000], "gnt grants 0b1000, who does not request (req is 0b110)"),
    ],
)
def test_grant_goes_to_one_requester(req: list[int], gnt: list[int], message: str | None) -> None:
    rule = GrantRule(req="req", gnt="gnt", clock="clk", reset=SYNCHRONOUS)
    assert observed(rule, [({"req": r}, {"gnt": g}) for r, g in zip(req, gnt, strict=True)]) == message


def test_registered_grant_may_answer_the_request_before() -> None:
    rows: list[Row] = [({"req": 2}, {"gnt": 0}), ({"req": 0}, {"gnt": 2})]
    assert observed(GrantRule(req="req", gnt="gnt", clock="clk", reset=SYNCHRONOUS, registered=True), rows) is None
    assert observed(GrantRule(req="req", gnt="gnt", clock="clk", reset=SYNCHRONOUS), rows) is not None


WRITE = {"awvalid": 1, "wvalid": 1, "arvalid": 0, "bready": 1, "rready": 1}
READ = {"awvalid": 0, "wvalid": 0, "arvalid": 1, "bready": 1, "rready": 1}
IDLE = dict.fromkeys(WRITE, 0)
TAKES = {"awready": 1, "wready": 1, "arready": 1, "bvalid": 0, "rvalid": 0, "bresp": 0, "rresp": 0}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(WRITE, TAKES), (WRITE | {"awvalid": 0, "wvalid": 0}, TAKES | {"bvalid": 1, "bresp": 2})], None),
        ([(READ, TAKES), (READ | {"arvalid": 0}, TAKES | {"rvalid": 1})], None),
        ([(IDLE, TAKES | {"rvalid": 1})], "rvalid is 1 without a request that waits for its answer"),
        (
            [(WRITE | {"wvalid": 0}, TAKES), (IDLE, TAKES | {"bvalid": 1})],
            "bvalid is 1 without a request that waits for its answer",
        ),
        (
            [(READ, TAKES), (IDLE | {"rready": 1}, TAKES | {"rvalid": 1}), (IDLE, TAKES | {"rvalid": 1})],
            "rvalid is 1 without a request that waits for its answer",
        ),
        ([(READ, TAKES), (IDLE, TAKES | {"rvalid": 1, "rresp": 1})], "rresp is EXOKAY, which AXI4-Lite doesn't have"),
    ],
)
def test_axi_lite_response_answers_a_request(rows: list[Row], message: str | None) -> None:
    rule = AxiLiteTargetRule(ports=same(*WRITE, *TAKES), clock="clk", reset=SYNCHRONOUS)
    assert observed(rule, rows) == message


@pytest.mark.parametrize(
    ("inputs", "outputs", "message"),
    [
        ({"cyc": 1, "stb": 1}, {"ack": 1, "err": 0}, None),
        ({"cyc": 0, "stb": 0}, {"ack": 0, "err": None}, None),
        ({"cyc": 1, "stb": 0}, {"ack": 1, "err": 0}, "ack is 1 while stb is 0"),
        ({"cyc": 0, "stb": 1}, {"ack": 0, "err": 1}, "err is 1 while cyc is 0"),
        ({"cyc": 1, "stb": 1}, {"ack": 1, "err": 1}, "ack and err are 1 at once"),
        ({"cyc": 0, "stb": 0, "rst": 1}, {"ack": 1, "err": 1}, None),
    ],
)
def test_wishbone_answer_needs_cycle_and_strobe(
    inputs: dict[str, int], outputs: dict[str, int | None], message: str | None
) -> None:
    rule = WishboneTargetRule(request=["cyc", "stb"], answers=["ack", "err"], clock="clk", reset=SYNCHRONOUS)
    assert observed(rule, [(inputs, outputs)]) == message


def fifo(*rows: tuple[int, int, int, int]) -> list[Row]:
    """Cycles of a FIFO as (wr_en, rd_en, full, empty)."""
    return [({"wr_en": w, "rd_en": r}, {"full": f, "empty": e}) for w, r, f, e in rows]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (fifo((1, 0, 0, 1), (1, 0, 0, 0), (0, 1, 1, 0), (0, 1, 0, 0), (0, 1, 0, 1)), None),
        (fifo((0, 0, 0, 1), (0, 0, 1, 1)), "full and empty are 1 at once"),
        (fifo((0, 0, 0, 0)), "empty is 0, but every word that was written was read"),
        (fifo((1, 0, 0, 1), (0, 1, 0, 0), (0, 0, 0, 0)), "empty is 0, but every word that was written was read"),
        (fifo((1, 0, 0, 1), (1, 0, 0, 0), (0, 0, 0, 0)), "full is 0 with 2 words inside"),
        (fifo((1, 0, 0, 1), (1, 0, 0, 0), (1, 1, 1, 0), (0, 1, 1, 0), (0, 0, 0, 0)), None),
        (fifo((1, 1, 0, 1), (0, 0, 0, 0)), None),
        (fifo((1, 0, 0, 0), (0, 1, 0, 0), (1, 1, 0, 0), (0, 0, 0, 1)), None),
        (fifo((1, 1, 0, 0), (0, 0, 0, 0)), "empty is 0, but every word that was written was read"),
        (fifo((1, 0, 0, 1), (1, 0, 0, 0), (1, 1, 0, 0), (0, 0, 1, 0)), None),
        (fifo((1, 0, 0, 1), (1, 0, 0, 0), (1, 1, 0, 0), (0, 0, 0, 0)), "full is 0 with 2 words inside"),
    ],
)
def test_fifo_flags_agree_with_what_went_in_and_out(rows: list[Row], message: str | None) -> None:
    ports = same("wr_en", "rd_en", "full", "empty")
    rule = FifoFlagsRule(ports=ports, wr_clock="clk", rd_clock="clk", resets=[SYNCHRONOUS], depth=2)
    rule.observe({"clk": 1, "rst": 1, "wr_en": 0, "rd_en": 0}, {"full": None, "empty": None})
    assert observed(rule, rows) == message


@pytest.mark.parametrize(
    ("valid", "data", "message"),
    [(1, 7, None), (0, None, None), (None, None, None), (1, None, "data is X or Z while valid is 1")],
)
def test_offered_payload_is_known(valid: int | None, data: int | None, message: str | None) -> None:
    rule = PayloadKnownRule(payload={"data": "valid"}, resets=[SYNCHRONOUS])
    assert observed(rule, [({}, {"valid": valid, "data": data})]) == message
    assert observed(rule, [({"rst": 1}, {"valid": valid, "data": data})]) is None


def results(operation: str, **arguments: Any) -> ResultsInOrderRule:
    common = {"valid_in": "vi", "valid_out": "vo", "clock": "clk", "reset": SYNCHRONOUS, "result": "q"}
    return ResultsInOrderRule(operation=operation, **({"operands": ["a"], "width": 16} | common | arguments))


def beats(*rows: tuple[int, int, int, int | None]) -> list[Row]:
    """Cycles as (valid in, a, valid out, q); b is always 3."""
    return [({"vi": vi, "a": a, "b": 3}, {"vo": vo, "q": q}) for vi, a, vo, q in rows]


@pytest.mark.parametrize(
    ("rule", "rows", "message"),
    [
        (results("pass"), beats((1, 5, 0, 0), (1, 6, 0, 0), (0, 0, 1, 5), (0, 0, 1, 6)), None),
        (results("pass"), beats((1, 5, 0, 0), (0, 0, 1, 6)), "q is 0x6, the next result due is 0x5"),
        (results("pass"), beats((1, 5, 0, 0), (0, 0, 1, None)), "q is None, the next result due is 0x5"),
        (results("pass"), beats((1, 5, 0, 0), (0, 0, 1, 5), (0, 0, 1, 5)), "vo is 1, but no result is due"),
        (results("pass"), beats((1, 5, 1, 5)), "vo is 1, but no result is due"),
        (results("pass", registered=False), beats((1, 5, 1, 5)), None),
        (results("sum", group=2), beats((1, 5, 0, 0), (0, 9, 0, 0), (1, 6, 0, 0), (0, 0, 1, 11)), None),
        (results("pack", group=2, operand_width=8), beats((1, 5, 0, 0), (1, 6, 0, 0), (0, 0, 1, 0x506)), None),
        (results("multiply", operands=["a", "b"]), beats((1, 5, 0, 0), (0, 0, 1, 15)), None),
        (
            results("add", operands=["a", "b"]),
            beats((1, 5, 0, 0), (0, 0, 1, 9)),
            "q is 0x9, the next result due is 0x8",
        ),
    ],
)
def test_results_come_in_order(rule: ResultsInOrderRule, rows: list[Row], message: str | None) -> None:
    rule.reset()
    assert observed(rule, rows) == message


def test_results_wait_for_both_handshakes() -> None:
    rule = results("pass", ready_in="ri", ready_out="ro", registered=False)
    taken: list[Row] = [({"vi": 1, "a": 5, "ro": 0}, {"ri": ri, "vo": 0, "q": 0}) for ri in (0, 1)]
    given: list[Row] = [({"vi": 0, "a": 0, "ro": ro}, {"ri": 1, "vo": 1, "q": 5}) for ro in (0, 1)]
    assert observed(rule, [*taken, *given]) is None
    assert observed(rule, given[1:]) == "vo is 1, but no result is due"


def test_full_and_empty_at_once_is_judged_once_full_was_low_on_one_clock() -> None:
    ports = same("wr_en", "rd_en", "full", "empty")
    after_reset = fifo((0, 0, 1, 1), (0, 0, 0, 1))
    one = FifoFlagsRule(ports=ports, wr_clock="clk", rd_clock="clk", resets=[SYNCHRONOUS])
    assert observed(one, after_reset) is None
    assert observed(one, fifo((0, 0, 1, 1))) == "full and empty are 1 at once"
    two = FifoFlagsRule(ports=ports, wr_clock="clk", rd_clock="clk2", resets=[SYNCHRONOUS])
    assert (
        observed(two, [(inputs | {"clk2": 0}, outputs) for inputs, outputs in fifo((0, 0, 0, 1), (0, 0, 1, 1))]) is None
    )


def test_offer_may_follow_a_setting_that_just_changed() -> None:
    rule = ValidStableRule(
        valid="valid", ready="ready", payload=["data"], clock="clk", reset=SYNCHRONOUS, settings=["gain"]
    )
    offer: list[Row] = [(inputs | {"gain": 1}, outputs) for inputs, outputs in offers(*[(1, 5, 0)] * 5)]
    assert observed(rule, [*offer, ({"ready": 0, "gain": 2}, {"valid": 1, "data": 10})]) is None
    steady: list[Row] = [({"ready": 0, "gain": 2}, {"valid": 1, "data": 10})] * 3
    assert observed(rule, [*steady, ({"ready": 0, "gain": 2}, {"valid": 0, "data": 10})]) == (
        "valid fell before ready took the offer"
    )


def test_target_that_may_be_pipelined_answers_one_cycle_late() -> None:
    rows: list[Row] = [({"cyc": 1, "stb": 1}, {"ack": 0}), ({"cyc": 1, "stb": 0}, {"ack": 1})]
    either = WishboneTargetRule(
        request=["cyc", "stb"], answers=["ack"], clock="clk", reset=SYNCHRONOUS, maybe_pipelined=True
    )
    classic = WishboneTargetRule(request=["cyc", "stb"], answers=["ack"], clock="clk", reset=SYNCHRONOUS)
    assert observed(either, rows) is None
    assert observed(either, rows[1:]) == "ack is 1 while stb is 0"
    assert observed(classic, rows) == "ack is 1 while stb is 0"


def moves(*rows: tuple[int | None, int, int | None, int, int]) -> list[Row]:
    """Cycles of a FIFO as (word written or None, read, read data, full, empty)."""
    return [
        (
            {"wr_en": int(word is not None), "wr_data": word or 0, "rd_en": read},
            {"rd_data": shown, "full": full, "empty": empty},
        )
        for word, read, shown, full, empty in rows
    ]


ORDER = same("wr_en", "wr_data", "full", "rd_en", "rd_data", "empty")
TWO_IN = ((5, 0, None, 0, 1), (6, 0, 5, 0, 0))


@pytest.mark.parametrize(
    ("ahead", "rows", "message"),
    [
        (True, moves(*TWO_IN, (None, 1, 5, 0, 0), (None, 1, 6, 0, 0)), None),
        (True, moves(*TWO_IN, (None, 1, 6, 0, 0)), "rd_data is 0x6, the next word that was written is 0x5"),
        (True, moves(*TWO_IN, (None, 1, None, 0, 0)), "rd_data is unknown, the next word that was written is 0x5"),
        (True, moves((None, 1, 0, 0, 0)), "rd_en reads a word, but every word that was written was read"),
        (True, moves((5, 0, 0, 0, 1), (6, 1, 5, 1, 0), (None, 1, 9, 0, 0)), None),
        (True, moves((5, 0, 0, 0, None), (None, 1, 9, 0, 0)), None),
        (False, moves(*TWO_IN, (None, 1, 0, 0, 0), (None, 1, 5, 0, 0), (None, 0, 6, 0, 1)), None),
        (
            False,
            moves(*TWO_IN, (None, 1, 5, 0, 0), (None, 0, 6, 0, 0)),
            "rd_data is 0x6, the next word that was written is 0x5",
        ),
    ],
)
def test_words_leave_a_fifo_as_they_came(ahead: bool, rows: list[Row], message: str | None) -> None:
    rule = FifoOrderRule(ports=ORDER, wr_clock="clk", rd_clock="clk", resets=[SYNCHRONOUS], show_ahead=ahead)
    assert observed(rule, rows) == message


def test_words_of_a_fifo_are_forgotten_in_reset() -> None:
    rule = FifoOrderRule(ports=ORDER, wr_clock="clk", rd_clock="clk", resets=[SYNCHRONOUS], show_ahead=False)
    in_reset: Row = ({"rst": 1, "wr_en": 0, "wr_data": 0, "rd_en": 0}, {"rd_data": 0, "full": 0, "empty": 0})
    assert observed(rule, [*moves((5, 0, 0, 0, 1), (None, 1, 0, 0, 0)), in_reset, *moves((7, 0, 0, 0, 1))]) is None


def test_late_read_data_is_compared_in_the_next_cycle_of_its_own_clock() -> None:
    rule = FifoOrderRule(ports=ORDER, wr_clock="wr_clk", rd_clock="rd_clk", resets=[SYNCHRONOUS], show_ahead=False)
    writes, reads = {"wr_clk": 1, "rd_clk": 0}, {"wr_clk": 0, "rd_clk": 1}
    ticks = [writes, reads, writes, reads]
    rows = moves((5, 0, 0, 0, 1), (None, 1, 0, 0, 0), (None, 0, 9, 0, 1), (None, 0, 5, 0, 1))
    assert (
        observed(rule, [(inputs | tick, outputs) for tick, (inputs, outputs) in zip(ticks, rows, strict=True)]) is None
    )
