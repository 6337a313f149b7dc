"""The drivers obey their protocols, whatever the design answers and however the knobs are turned."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.support import protocol_laws as laws
from tests.support.drivers import EXAMPLES, Cycle, Example, fifo, operation, play, play_phases, randomly
from verif.stimulus.drivers.memory import Words, riscv_word
from verif.stimulus.registry import driver_class

Law = Callable[[Sequence[Cycle]], Iterator[str]]


def any_phases(kind: str, seed: int, **fixed: int | str) -> list[tuple[int, dict[str, int | str]]]:
    """Return phases with every knob at random, except those that are fixed."""
    rng = random.Random(seed)
    knobs = driver_class(kind).KNOBS
    return [
        (
            rng.randint(5, 80),
            {n: rng.randint(0, 9) if isinstance(w, int) else rng.choice(w) for n, w in knobs.items()} | fixed,
        )
        for _ in range(12)
    ]


def stream_law(trace: Sequence[Cycle]) -> Iterator[str]:
    return laws.handshake(trace, payload=("data", "last", "keep", "id"))


LAWS: dict[str, Law] = {
    "StreamSource": stream_law,
    "ApbMaster": laws.apb,
    "AxiLiteMaster": laws.axi_lite,
    "WishboneMaster": laws.wishbone,
}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", LAWS)
def test_master_obeys_its_protocol(kind: str, seed: int) -> None:
    trace = play_phases(kind, any_phases(kind, seed), seed=seed)
    assert list(LAWS[kind](trace)) == []


@pytest.mark.parametrize("kind", LAWS)
def test_protocol_law_notices_a_dropped_cycle(kind: str) -> None:
    trace = play(kind, 400)
    assert any(list(LAWS[kind](trace[:cut] + trace[cut + 1 :])) for cut in range(20, 380))


@pytest.mark.parametrize("kind", LAWS)
def test_protocol_law_notices_changed_payload(kind: str) -> None:
    trace = play(kind, 400)
    broken = [
        {n: v ^ 1 if v is not None and n in ("data", "addr", "adr", "awaddr") and c % 2 else v for n, v in t.items()}
        for c, t in enumerate(trace)
    ]
    assert list(LAWS[kind](broken))


def test_stream_keeps_packets_whole() -> None:
    trace = play("StreamSource", 2000, rate=9)
    beats = [cycle for cycle in trace if cycle["valid"] and cycle["ready"]]
    assert any(beat["last"] for beat in beats) and not all(beat["last"] for beat in beats)
    for now, then in itertools.pairwise(beats):
        assert now["last"] or now["id"] == then["id"]
        assert now["last"] or now["keep"] == 3
        assert now["keep"] in (1, 3)


def test_stream_without_ready_is_never_held_up() -> None:
    example = Example(ports=("valid", "data"), options={"data_width": 8})
    trace = play("StreamSource", 50, example=example, rate=9, data="count")
    data = [cycle["data"] for cycle in trace]
    assert data == list(range(1, 51))


def test_waiting_sink_raises_ready_only_after_valid() -> None:
    trace = play("StreamSink", 500, policy="wait", rate=9)
    for now, then in itertools.pairwise(trace):
        assert not then["ready"] or now["valid"]


@pytest.mark.parametrize("seed", range(4))
def test_push_never_meets_a_full_fifo(seed: int) -> None:
    trace = play_phases("FifoPush", any_phases("FifoPush", seed, overrun=0), seed=seed)
    assert not any(cycle["en"] and cycle["full"] for cycle in trace)
    assert any(cycle["full"] for cycle in trace)


@pytest.mark.parametrize("seed", range(4))
def test_pop_never_meets_an_empty_fifo(seed: int) -> None:
    trace = play_phases("FifoPop", any_phases("FifoPop", seed, underrun=0), seed=seed)
    assert not any(cycle["en"] and cycle["empty"] for cycle in trace)


def test_push_that_cannot_see_the_reads_is_careful() -> None:
    example = Example(ports=("en", "data", "full"), options={"data_width": 8}, responder=fifo(4))
    trace = play("FifoPush", 500, example=example, rate=9)
    assert not any(cycle["en"] and cycle["full"] for cycle in trace)
    assert sum(cycle["en"] or 0 for cycle in trace) > 100


def test_overrun_and_underrun_try_what_is_forbidden() -> None:
    assert any(cycle["en"] and cycle["full"] for cycle in play("FifoPush", 300, rate=9, overrun=9))
    assert any(cycle["en"] and cycle["empty"] for cycle in play("FifoPop", 300, rate=9, underrun=9))


@pytest.mark.parametrize("seed", range(4))
def test_request_stays_until_granted(seed: int) -> None:
    example = Example(ports=("req", "gnt"), options={"width": 4}, responder=randomly(gnt=0.3))
    phases = any_phases("Requester", seed, hold="until_granted")
    assert list(laws.held_requests(play_phases("Requester", phases, seed=seed, example=example))) == []


def test_free_requests_fall_at_will() -> None:
    example = Example(ports=("req", "gnt"), options={"width": 4}, responder=randomly(gnt=0.3))
    assert list(laws.held_requests(play("Requester", 200, example=example, hold="free")))


def test_operands_hold_still_until_done() -> None:
    trace = play("Operation", 800, operands="stable")
    for now, then in itertools.pairwise(trace):
        if now["busy"] and then["busy"]:
            assert (now["a"], now["b"]) == (then["a"], then["b"])


def test_start_is_one_pulse_per_operation() -> None:
    trace = play("Operation", 800)
    assert sum(c["start"] or 0 for c in trace) - sum(c["done"] or 0 for c in trace) in (0, 1)
    assert not any(cycle["start"] and cycle["busy"] for cycle in trace)


def test_held_start_stays_until_done() -> None:
    trace = play("Operation", 400, hold="until_done", rate=9)
    assert all(cycle["start"] for cycle in trace if cycle["busy"])


@pytest.mark.parametrize("watched", [("done",), ("busy",), ()])
def test_operations_go_on_whatever_tells_the_end(watched: tuple[str, ...]) -> None:
    example = Example(ports=("start", "a", *watched), options={"a_width": 4, "cycles": 7}, responder=operation(5))
    starts = sum(cycle["start"] or 0 for cycle in play("Operation", 500, example=example, rate=9))
    assert starts > 30


def test_operation_without_an_answer_is_given_up() -> None:
    example = Example(ports=("start", "done"), options={"cycles": 5}, responder=randomly(done=0.0))
    assert sum(cycle["start"] or 0 for cycle in play("Operation", 500, example=example, rate=9)) > 5


def test_uart_line_sends_frames_that_a_receiver_decodes() -> None:
    levels = [cycle["line"] or 0 for cycle in play("UartLine", 6000, data="uniform")]
    frames = laws.uart_frames(levels, 8, 8)
    assert len(frames) > 30
    assert all(parity == 0 and stop == 1 for _, parity, stop in frames)
    assert len({data for data, _, _ in frames}) > 20


def test_uart_line_breaks_frames_on_request() -> None:
    levels = [cycle["line"] or 0 for cycle in play("UartLine", 6000, errors=9)]
    frames = laws.uart_frames(levels, 8, 8)
    assert any(stop == 0 for _, _, stop in frames) and any(parity for _, parity, _ in frames)


def test_noisy_edges_leave_the_middle_of_the_bit_alone() -> None:
    for seed in range(8):
        clean = [cycle["line"] for cycle in play("UartLine", 88, seed=seed, rate=9, edges="clean")]
        noisy = [cycle["line"] for cycle in play("UartLine", 88, seed=seed, rate=9, edges="noisy")]
        assert clean != noisy
        for middle in (2, 3, 4, 5):
            assert clean[middle::8] == noisy[middle::8]


def test_spi_line_changes_at_the_falling_clock_only() -> None:
    trace = play("SpiSubordinate", 800, data="uniform")
    for before, now, then in zip(trace, trace[1:], trace[2:], strict=False):
        if before["cs_n"] == now["cs_n"] == then["cs_n"] == 0 and now["miso"] != then["miso"]:
            assert (before["sclk"], now["sclk"]) == (1, 0)


def test_bus_lines_are_quiet_in_reset_where_the_protocol_says_so() -> None:
    for kind in ("StreamSource", "AxiLiteMaster", "StreamSink"):
        driver = EXAMPLES[kind].make(kind)
        assert not any(value for port, value in driver.idle().items() if "valid" in port)


@pytest.mark.parametrize("seed", range(4))
def test_axi_lite_target_holds_its_responses(seed: int) -> None:
    trace = play_phases("AxiLiteTarget", any_phases("AxiLiteTarget", seed), seed=seed)
    assert list(laws.handshake(trace, "b", ("bresp",))) == []
    assert list(laws.handshake(trace, "r", ("rresp", "rdata"))) == []
    writes = [sum(1 for c in trace if c[f"{n}valid"] and c[f"{n}ready"]) for n in ("aw", "w", "b")]
    assert writes[2] <= min(writes[:2])


@pytest.mark.parametrize("seed", range(4))
def test_apb_target_answers_in_the_access_phase(seed: int) -> None:
    trace = play_phases("ApbTarget", any_phases("ApbTarget", seed), seed=seed)
    assert list(laws.apb([{"prot": 0, **cycle, "strb": 0} for cycle in trace])) == []
    assert any(cycle["ready"] and cycle["enable"] for cycle in trace)


@pytest.mark.parametrize("kind", ["MemoryResponder", "WishboneTarget"])
def test_answer_comes_only_to_a_request_that_was_seen(kind: str) -> None:
    asked = {"MemoryResponder": ("valid", "ready"), "WishboneTarget": ("stb", "ack")}[kind]
    trace = play(kind, 600, rate=9)
    for now, then in itertools.pairwise(trace):
        assert not then[asked[1]] or (now[asked[0]] and not now[asked[1]])
    assert any(cycle[asked[1]] for cycle in trace)


def test_memory_reads_back_what_was_written() -> None:
    words, rng = Words(width=32, step=4), random.Random(1)
    words.write(8, 0x11223344, 0b1111)
    words.write(9, 0xAABBCCDD, 0b0101)
    assert words.read(rng, 8, "random") == 0x11BB33DD
    assert words.read(rng, 12, "random") == words.read(rng, 15, "random")


def test_program_words_jump_to_aligned_places() -> None:
    rng = random.Random(1)
    for _ in range(3000):
        word = riscv_word(rng)
        opcode = word & 0x7F
        assert opcode in (0x33, 0x13, 0x03, 0x23, 0x63, 0x37, 0x17, 0x6F)
        if opcode == 0x6F:
            assert word >> 21 & 0x3FF and (word >> 21 & 1) == 0
        if opcode == 0x63:
            assert word >> 8 & 0xF and (word >> 8 & 1) == 0
        if opcode in (0x03, 0x23):
            assert word >> 15 & 31 == 0
