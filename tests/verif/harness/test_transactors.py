"""The transactors obey their protocols, whatever the stimulus, and reach what the Python drivers reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support import protocol_laws, transactor_laws
from tests.support.harness_runs import any_rows, play
from tests.support.transactors import PARTNERS
from verif.harness.transactors import TRANSACTORS
from verif.stimulus.registry import driver_class

Row = Mapping[str, int]
Trace = Sequence[Row]
Pair = Callable[[Row, Row], object]
"""What is to be seen in two cycles, one after the other."""
IDLE, RANDOM, RESET = 20, 900, 3


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a transactor must keep to, and what it must reach."""

    law: Callable[[Trace], Iterable[str]]
    wrong: tuple[str, str]
    """Text of the transactors, and what breaks the law in its place."""
    fixed: Row = field(default_factory=dict)
    """Fields that are held still where the law is to hold."""
    reaches: Mapping[str, Pair]
    resting: Row = field(default_factory=dict)
    """Ports at rest and in reset, as far as they aren't 0."""
    noisy: tuple[str, ...] = ()
    """Ports that are stimulus at rest too, or in reset."""


CASES: Mapping[str, Case] = {
    "StreamSource": Case(
        law=transactor_laws.packets,
        wrong=("assign payload = waiting ? beat : stim_payload;", "assign payload = stim_payload;"),
        reaches={
            "a beat in every cycle": lambda a, b: a["valid"] and a["ready"] and b["valid"] and b["ready"],
            "back-pressure": lambda a, b: a["valid"] and not a["ready"] and b["ready"],
            "a gap": lambda a, b: a["valid"] and a["ready"] and not b["valid"],
            "a packet of one beat": lambda a, b: a["valid"] and a["ready"] and a["last"] and b["valid"] and b["last"],
            "a short last beat": lambda a, b: a["valid"] and a["last"] and a["keep"] == 1,
        },
        noisy=("data", "keep", "id"),
    ),
    "StreamSink": Case(
        law=transactor_laws.waiting_sink,
        wrong=("(asked || !stim_wait)", "(asked || !stim_wait || valid)"),
        fixed={"stim_d_wait": 1},
        reaches={
            "ready before valid": lambda a, b: a["ready"] and not a["valid"] and b["valid"],
            "a beat in every cycle": lambda a, b: a["valid"] and a["ready"] and b["valid"] and b["ready"],
            "back-pressure": lambda a, b: a["valid"] and not a["ready"],
        },
    ),
    "InstructionSource": Case(
        law=transactor_laws.patient_instructions,
        wrong=("waits <= PATIENCE", "waits < PATIENCE"),
        reaches={
            "an instruction in every cycle": lambda a, b: a["valid"] and a["ready"] and b["valid"],
            "a pause": lambda a, b: not a["valid"],
        },
        resting={"insn": 0x33},
        noisy=("insn", "rs1"),
    ),
    "FifoPush": Case(
        law=transactor_laws.careful_push,
        wrong=("<= {1'b0, DEPTH}", "<= {1'b0, DEPTH} + 17'd1"),
        fixed={"stim_d_over": 0},
        reaches={
            "a write in every cycle": lambda a, b: a["en"] and b["en"] and not b["full"],
            "a full FIFO": lambda a, b: a["en"] and b["full"] and not b["en"],
            "a write into a full FIFO": lambda a, b: a["en"] and a["full"],
            "a write in the cycle after a read from a full FIFO": lambda a, b: a["full"] and a["pop"] and b["en"],
        },
        noisy=("en", "data"),
    ),
    "FifoPop": Case(
        law=transactor_laws.careful_pop,
        wrong=("stored != 16'd0)", "stored != 16'hffff)"),
        fixed={"stim_d_under": 0},
        reaches={
            "a read in every cycle": lambda a, b: a["en"] and b["en"] and not b["empty"],
            "an empty FIFO": lambda a, b: a["en"] and not a["empty"] and b["empty"],
            "a read from an empty FIFO": lambda a, b: a["en"] and a["empty"],
        },
        noisy=("en",),
    ),
    "Requester": Case(
        law=protocol_laws.held_requests,
        wrong=("waiting | (served & stim_again)", "(served & stim_again)"),
        fixed={"stim_d_free": 0},
        reaches={
            "all lines": lambda a, b: a["req"] == 15,
            "no line": lambda a, b: not a["req"],
            "a line that falls with its grant": lambda a, b: a["gnt"] & ~b["req"],
            "a line that stays after its grant": lambda a, b: a["gnt"] & b["req"],
            "a line that falls without a grant": lambda a, b: a["req"] & ~a["gnt"] & ~b["req"],
        },
        noisy=("req",),
    ),
    "Operation": Case(
        law=transactor_laws.one_operation,
        wrong=("assign operands = rst || begins || stim_moving", "assign operands = 1'b1"),
        fixed={"stim_d_hold": 0, "stim_d_early": 0, "stim_d_moving": 0},
        reaches={
            "a start right after done": lambda a, b: a["done"] and b["start"],
            "a pause after done": lambda a, b: a["done"] and not b["start"],
            "a start during an operation": lambda a, b: a["start"] and a["busy"],
            "moving operands": lambda a, b: a["busy"] and b["busy"] and a["a"] != b["a"],
        },
        noisy=("start", "a", "b"),
    ),
    "Pulses": Case(
        law=transactor_laws.single_pulses,
        wrong=("stim_pulses & ~were", "stim_pulses"),
        reaches={
            "pulses at once": lambda a, b: a["go"] and a["tick"],
            "the shortest gap": lambda a, b: (a["go"], b["go"]) == (0, 1),
        },
    ),
    "Instructions": Case(
        law=transactor_laws.legal_instructions,
        wrong=("bits[26:23], 2'b10", "bits[26:23], 2'b01"),
        fixed={"stim_d_illegal": 0},
        reaches={
            **{
                f"opcode {opcode:#x}": lambda a, b, o=opcode: a["word"] & 0x7F == o
                for opcode in transactor_laws.OPCODES
            },
            "a multiplication": lambda a, b: a["word"] & 0x7F == 0x33 and a["word"] >> 25 == 1,
            "a subtraction": lambda a, b: a["word"] & 0x707F == 0x33 and a["word"] >> 25 == 0x20,
            "an illegal word": lambda a, b: a["word"] & 3 != 3,
        },
        resting={"word": 0x33},
        noisy=("word",),
    ),
    "ApbMaster": Case(
        law=protocol_laws.apb,
        wrong=("(access && ready !== 1'b1)", "1'b0"),
        reaches={
            "transfers without a pause": lambda a, b: a["enable"] and a["ready"] and b["sel"],
            "a wait state": lambda a, b: a["enable"] and not a["ready"],
            "a write with some strobes": lambda a, b: a["enable"] and a["write"] and a["strb"] not in (0, 15),
            "a read": lambda a, b: a["enable"] and not a["write"],
            "a pause": lambda a, b: not a["sel"],
        },
        noisy=("sel", "enable", "write", "addr", "wdata", "strb", "prot"),
    ),
    "AxiLiteMaster": Case(
        law=protocol_laws.axi_lite,
        wrong=("assign wdata  = write ? stim_wdata : held_wdata;", "assign wdata  = stim_wdata;"),
        reaches={
            "address before data": lambda a, b: a["awvalid"] and not a["wvalid"] and b["wvalid"],
            "data before address": lambda a, b: a["wvalid"] and not a["awvalid"] and b["awvalid"],
            "both at once": lambda a, b: not a["awvalid"] and not a["wvalid"] and b["awvalid"] and b["wvalid"],
            "a response that waits": lambda a, b: a["bvalid"] and not a["bready"],
            "read data that wait": lambda a, b: a["rvalid"] and not a["rready"],
            "read and write at once": lambda a, b: a["awvalid"] and a["arvalid"],
            "a write before the last response": lambda a, b: a["awvalid"] and a["bvalid"] and not a["bready"],
            "some strobes": lambda a, b: a["wvalid"] and a["wstrb"] not in (0, 15),
        },
        noisy=("awaddr", "awprot", "wdata", "wstrb", "araddr", "arprot"),
    ),
    "WishboneMaster": Case(
        law=protocol_laws.wishbone,
        wrong=("begins || asking ||", "begins ||"),
        reaches={
            "a block": lambda a, b: a["ack"] and b["cyc"] and b["stb"],
            "a pause in a block": lambda a, b: a["ack"] and b["cyc"] and not b["stb"],
            "the end of a cycle": lambda a, b: a["ack"] and not b["cyc"],
            "a wait state": lambda a, b: a["stb"] and a["cyc"] and not a["ack"] and not a["err"],
            "an error": lambda a, b: a["err"],
            "a stray strobe": lambda a, b: a["stb"] and not a["cyc"],
        },
        noisy=("cyc", "stb", "we", "adr", "dat_w", "sel"),
    ),
    "UartLine": Case(
        law=transactor_laws.clean_uart,
        wrong=("^stim_data ^ bad_parity ^ (PARITY == 2)", "^stim_data ^ bad_parity ^ 1'b1"),
        fixed={"stim_d_spoil": 0, "stim_d_glitch": 0, "stim_d_noisy": 0},
        reaches={"a low line": lambda a, b: not a["line"], "a high line": lambda a, b: a["line"]},
        resting={"line": 1},
    ),
    "SpiSubordinate": Case(
        law=transactor_laws.spi_word,
        wrong=("word <= word << 1;", "word <= word >> 1;"),
        fixed={"stim_d_data": 0xA5, "stim_d_noisy": 0},
        reaches={"noise": lambda a, b: a["cs_n"] and b["cs_n"] and a["miso"] != b["miso"]},
    ),
    "MemoryResponder": Case(
        law=transactor_laws.remembering,
        wrong=("{8{write_lanes[lane] === 1'b1}}", "8'hff"),
        reaches={
            "an answer at once": lambda a, b: a["valid"] and not a["ready"] and b["ready"],
            "a delay": lambda a, b: a["valid"] and not a["ready"] and not b["ready"],
            "requests without a pause": lambda a, b: a["ready"] and b["valid"],
        },
        resting={"rdata": 0},
        noisy=("rdata",),
    ),
    "WishboneTarget": Case(
        law=transactor_laws.wishbone_target,
        wrong=("stb === 1'b1 && !answer", "stb === 1'b1"),
        reaches={
            "an answer at once": lambda a, b: a["cyc"] and not a["ack"] and not a["err"] and b["ack"],
            "a delay": lambda a, b: a["cyc"] and not a["ack"] and b["cyc"] and not b["ack"] and not b["err"],
            "an error": lambda a, b: a["err"],
        },
        noisy=("dat_r",),
    ),
    "ApbTarget": Case(
        law=transactor_laws.apb_target,
        wrong=("assign rdata  = ready && !asked_write ? word : stim_word;", "assign rdata  = stim_word;"),
        reaches={
            "no wait state": lambda a, b: a["sel"] and not a["enable"] and b["ready"],
            "a wait state": lambda a, b: a["enable"] and not a["ready"],
            "an error": lambda a, b: a["enable"] and a["ready"] and a["slverr"],
        },
        noisy=("rdata",),
    ),
    "AxiLiteTarget": Case(
        law=transactor_laws.axi_lite_target,
        wrong=("b_waits     <= bvalid && bready !== 1'b1;", "b_waits     <= 1'b0;"),
        reaches={
            "address before data": lambda a, b: a["awready"] and a["awvalid"] and not (a["wready"] and a["wvalid"]),
            "data before address": lambda a, b: a["wready"] and a["wvalid"] and not (a["awready"] and a["awvalid"]),
            "a response that waits": lambda a, b: a["bvalid"] and not a["bready"],
            "both responses at once": lambda a, b: not a["bvalid"] and not a["rvalid"] and b["bvalid"] and b["rvalid"],
            "an error": lambda a, b: a["rvalid"] and a["rresp"] == 2,
        },
        noisy=("rdata", "bresp", "rresp"),
    ),
}


@dataclass(frozen=True)
class Played:
    """A run: at rest, at random, in reset with random stimulus, at random again."""

    idle: Trace
    first: Trace
    reset: Trace
    second: Trace

    @property
    def busy(self) -> tuple[Trace, Trace]:
        """The random parts."""
        return self.first, self.second


def played(kind: str, directory: Path, *, fixed: Row | None = None, change: tuple[str, str] = ("", "")) -> Played:
    """Play random stimulus on the kind's partner."""
    harness = PARTNERS[kind].harness(kind, directory, change)
    rows = list(any_rows(harness, RANDOM, 1, fixed))
    in_reset = [{**row, "stim_rst_rst": 1} for row in any_rows(harness, RESET, 2)]
    rest: list[dict[str, int]] = [{} for _ in range(IDLE)]
    trace = play(harness, [*rest, *rows, *in_reset, *any_rows(harness, RANDOM // 2, 3, fixed)], directory)
    assert all(value is not None for row in trace for value in row.values())
    sampled = [{name: value or 0 for name, value in row.items()} for row in trace]
    cuts = [0, IDLE, IDLE + RANDOM, IDLE + RANDOM + RESET, len(sampled)]
    return Played(*(sampled[start:end] for start, end in pairwise(cuts)))


@cache
def lawful(kind: str, directory: Path) -> Played:
    """Return the run in which the law must hold; made once."""
    return played(kind, directory / kind / "lawful", fixed=CASES[kind].fixed)


@cache
def free(kind: str, directory: Path) -> Played:
    """Return the run in which everything is at random; made once."""
    return played(kind, directory / kind / "free") if CASES[kind].fixed else lawful(kind, directory)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the runs of this module lie."""
    return tmp_path_factory.mktemp("transactors")


def driven(kind: str) -> list[str]:
    """Return the partner's ports that the driver drives."""
    ports = [port.partition(":")[0] for port in (*PARTNERS[kind].inputs.split(), *PARTNERS[kind].outputs.split())]
    return [port for port in ports if not port.startswith("x_") and driver_class(kind).owns(port)]


def test_every_kind_with_a_protocol_has_a_partner_and_a_law() -> None:
    assert sorted(PARTNERS) == sorted(CASES) == sorted(TRANSACTORS)


@pytest.mark.parametrize("kind", CASES)
def test_any_stimulus_is_legal(kind: str, place: Path) -> None:
    for trace in lawful(kind, place).busy:
        assert list(CASES[kind].law(trace)) == []


@pytest.mark.parametrize("kind", CASES)
def test_law_notices_a_wrong_transactor(kind: str, tmp_path: Path) -> None:
    case = CASES[kind]
    trace = played(kind, tmp_path, fixed=case.fixed, change=case.wrong).first
    assert list(case.law(trace))


@pytest.mark.parametrize("kind", CASES)
def test_random_stimulus_reaches_every_situation(kind: str, place: Path) -> None:
    runs = (*free(kind, place).busy, *lawful(kind, place).busy)
    missed = [
        name
        for name, seen in CASES[kind].reaches.items()
        if not any(seen(now, then) for trace in runs for now, then in pairwise(trace))
    ]
    assert not missed


@pytest.mark.parametrize("kind", CASES)
def test_stimulus_at_rest_asks_for_nothing(kind: str, place: Path) -> None:
    case = CASES[kind]
    for row in lawful(kind, place).idle:
        for port in driven(kind):
            noise = port in case.noisy and port in ("keep", "wstrb", "strb", "sel")
            assert noise or row[port] == case.resting.get(port, 0), port


@pytest.mark.parametrize("kind", CASES)
def test_reset_wins_against_stimulus(kind: str, place: Path) -> None:
    case = CASES[kind]
    for row in free(kind, place).reset:
        for port in driven(kind):
            assert port in case.noisy or row[port] == case.resting.get(port, 0), port
