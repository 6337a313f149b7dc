"""Transactors beside designs that lack some of a protocol's signals, and the wrong that is done on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from tests.support import protocol_laws
from tests.support.harness_runs import any_rows, play
from tests.support.transactor_laws import Memory
from tests.support.transactors import PARTNERS, Partner

Trace = Sequence[Mapping[str, int]]


def run(kind: str, partner: Partner, directory: Path, ticks: int = 600, **fixed: int) -> Trace:
    """Play random stimulus, some fields (without ``stim_d_``, or with ``x_`` before them) fixed."""
    harness = partner.harness(kind, directory)
    named = {f"stim_{name}" if name.startswith("x_") else f"stim_d_{name}": value for name, value in fixed.items()}
    assert named.keys() <= {field.name for field in harness.stimulus}
    trace = play(harness, list(any_rows(harness, ticks, 1, named)), directory)
    return [{name: value or 0 for name, value in row.items()} for row in trace]


def uart(directory: Path, **fixed: int) -> list[int]:
    """Return the line's levels."""
    calm = {"spoil": 0, "glitch": 0, "noisy": 0}
    return [row["line"] for row in run("UartLine", PARTNERS["UartLine"], directory, 1500, **{**calm, **fixed})]


def runs(levels: Sequence[int], level: int) -> list[int]:
    """Return the lengths of the stretches at ``level``, but for the first and the last one."""
    lengths = [(value, len(list(same))) for value, same in groupby(levels)]
    return [length for value, length in lengths[1:-1] if value == level]


def test_uart_sends_a_wrong_parity_bit_on_request(tmp_path: Path) -> None:
    frames = protocol_laws.uart_frames(uart(tmp_path, spoil=1, wrong=1, send=1), 8, 8)
    assert len(frames) > 10 and all(parity and stop for _, parity, stop in frames)


def test_uart_sends_a_wrong_stop_bit_on_request(tmp_path: Path) -> None:
    levels = uart(tmp_path, spoil=1, wrong=2, send=1)
    frames = [levels[start : start + 96] for start in range(levels.index(0), len(levels) - 96, 96)]
    assert len(frames) > 10
    for frame in frames:
        bits = frame[4::8]
        assert (bits[0], bits[10], bits[11]) == (0, 0, 1)
        assert sum(bits[1:10]) % 2 == 0


def test_uart_sends_breaks_on_request(tmp_path: Path) -> None:
    lengths = runs(uart(tmp_path, spoil=1, wrong=3), 0)
    assert lengths and all(length in range(88, 88 + 16 * 8, 8) for length in lengths)
    assert len(set(lengths)) > 2


def test_uart_glitches_are_shorter_than_half_a_bit_and_leave_gaps(tmp_path: Path) -> None:
    assert set(runs(uart(tmp_path, glitch=1, send=0), 0)) == {4}
    assert set(runs([*uart(tmp_path / "some", send=0), 1], 0)) <= {1, 2, 3, 4}


def test_noisy_uart_leaves_the_middle_of_each_bit_alone(tmp_path: Path) -> None:
    clean = uart(tmp_path / "clean", send=1, data=0x5A)
    noisy = uart(tmp_path / "noisy", send=1, data=0x5A, noisy=1)
    assert clean != noisy
    for middle in (2, 3, 4, 5):
        assert clean[middle::8] == noisy[middle::8]


def test_push_that_cannot_see_the_reads_is_careful(tmp_path: Path) -> None:
    blind = replace(PARTNERS["FifoPush"], signals="en data full")
    trace = run("FifoPush", blind, tmp_path, over=0, x_pop=1, offer=1)
    assert not any(row["en"] and row["full"] for row in trace)
    assert sum(row["en"] for row in trace) >= len(trace) // 2


def test_pop_that_cannot_see_the_writes_is_careful(tmp_path: Path) -> None:
    blind = replace(PARTNERS["FifoPop"], signals="en empty")
    trace = run("FifoPop", blind, tmp_path, under=0, x_push=1, take=1)
    assert not any(row["en"] and row["empty"] for row in trace)
    assert sum(row["en"] for row in trace) >= len(trace) // 2 - 1


@pytest.mark.parametrize(("kind", "field"), [("FifoPush", "offer"), ("FifoPop", "take")])
def test_fifo_without_flags_takes_stimulus_as_it_is(kind: str, field: str, tmp_path: Path) -> None:
    trace = run(kind, replace(PARTNERS[kind], signals="en"), tmp_path, **{field: 1})
    assert all(row["en"] for row in trace)


@pytest.mark.parametrize("watched", ["done", "busy", ""])
def test_operations_go_on_whatever_tells_the_end(watched: str, tmp_path: Path) -> None:
    partner = replace(PARTNERS["Operation"], signals=f"start a b {watched}", options={"cycles": 9})
    trace = run("Operation", partner, tmp_path, start=1, hold=0, early=0, moving=0)
    starts = [cycle for cycle, row in enumerate(trace) if row["start"]]
    assert len(starts) > 50
    assert not any(row["start"] and row["busy"] for row in trace)


def test_operation_without_an_answer_is_given_up_after_eight_times_its_length(tmp_path: Path) -> None:
    silent = replace(PARTNERS["Operation"], body="assign busy = 1'b0; assign done = 1'b0;", options={"cycles": 5})
    trace = run("Operation", silent, tmp_path, start=1, hold=0, early=0)
    starts = [cycle for cycle, row in enumerate(trace) if row["start"]]
    assert {then - now for now, then in pairwise(starts)} == {40}


def test_stream_without_last_keeps_its_beats_and_without_ready_is_never_held_up(tmp_path: Path) -> None:
    plain = Partner(inputs="valid:1 data:16 user:3 x_ready:1", outputs="ready:1", body="assign ready = x_ready;")
    trace = run("StreamSource", plain, tmp_path / "plain")
    assert list(protocol_laws.handshake(trace, payload=("data", "user"))) == []
    assert any(row["valid"] and not row["ready"] for row in trace)
    trace = run("StreamSource", replace(plain, signals="valid data"), tmp_path / "open", offer=1)
    assert all(row["valid"] for row in trace)
    assert all(now["data"] != then["data"] for now, then in pairwise(trace[:50]))


def test_packets_tell_keep_and_strb_alike(tmp_path: Path) -> None:
    partner = Partner(
        inputs="valid:1 data:32 last:1 keep:4 strb:4 x_ready:1", outputs="ready:1", body="assign ready = x_ready;"
    )
    trace = run("StreamSource", partner, tmp_path)
    assert all(row["keep"] == row["strb"] for row in trace if row["valid"])
    assert {row["keep"] for row in trace if row["valid"] and row["last"]} == {1, 3, 7, 15}


def test_pipelined_wishbone_lowers_the_strobe_once_it_was_taken(tmp_path: Path) -> None:
    partner = Partner(
        inputs="cyc:1 stb:1 we:1 adr:6 dat_w:32 x_ack:1 x_stall:1",
        outputs="ack:1 stall:1",
        body="reg open; always @(posedge clk) open <= cyc & ~ack & (open | stb & ~stall);"
        " assign ack = open & x_ack; assign stall = x_stall;",
    )
    trace = run("WishboneMaster", replace(partner, options={"addr_width": 6}), tmp_path, stray=0)
    taken = [(now, then) for now, then in pairwise(trace) if now["stb"] and not now["stall"] and not now["ack"]]
    assert taken and not any(then["stb"] for _, then in taken)
    held = [(now, then) for now, then in pairwise(trace) if now["stb"] and now["stall"] and not now["ack"]]
    assert held and all(then["stb"] and then["adr"] == now["adr"] for now, then in held)


def test_wishbone_access_without_an_answer_is_given_up(tmp_path: Path) -> None:
    partner = replace(PARTNERS["WishboneMaster"], body="assign ack = 1'b0; assign err = 1'b0;")
    trace = run("WishboneMaster", partner, tmp_path, go=1, block=0, stray=0)
    begins = [cycle for cycle, (now, then) in enumerate(pairwise(trace)) if now["adr"] != then["adr"]]
    assert begins and all((cycle + 1) % 200 == 0 for cycle in begins)


def test_apb_without_ready_has_one_access_cycle(tmp_path: Path) -> None:
    partner = Partner(inputs="sel:1 enable:1 write:1 addr:6 wdata:32", options={"addr_width": 6})
    trace = run("ApbMaster", partner, tmp_path, go=1)
    assert [row["enable"] for row in trace] == [cycle % 2 for cycle in range(len(trace))]


def test_axi_lite_master_of_a_read_only_target_has_no_write_fields(tmp_path: Path) -> None:
    partner = Partner(
        inputs="arvalid:1 araddr:6 rready:1 x_go:1",
        outputs="arready:1 rvalid:1 rdata:32",
        body="reg [31:0] d; reg v; assign arready = x_go & ~v; assign rvalid = v; assign rdata = d;"
        " always @(posedge clk) if (rst) v <= 0; else begin v <= v ? ~rready : arvalid & arready; d <= araddr; end",
        options={"addr_width": 6},
    )
    harness = partner.harness("AxiLiteMaster", tmp_path / "ports")
    assert [f.name for f in harness.stimulus if f.driver] == ["stim_d_read", "stim_d_araddr", "stim_d_rready"]
    trace = run("AxiLiteMaster", partner, tmp_path)
    assert list(protocol_laws.handshake(trace, "ar", ("araddr",))) == []
    assert sum(row["rvalid"] and row["rready"] for row in trace) > 20


@pytest.mark.parametrize("signals", ["we", "wstrb", "we wstrb", ""])
def test_memory_takes_what_tells_a_write(signals: str, tmp_path: Path) -> None:
    body = PARTNERS["MemoryResponder"].body.replace(
        "assign wstrb = writes ? bytes : 4'd0;", "assign we = writes; assign wstrb = WSTRB;"
    )
    strobes = "bytes" if signals == "we wstrb" else "writes ? bytes : 4'd0"
    partner = replace(
        PARTNERS["MemoryResponder"],
        outputs="valid:1 addr:6 wdata:32 wstrb:4 we:1",
        body=body.replace("WSTRB", strobes),
        signals=f"ready rdata valid addr wdata {signals}",
    )
    memory = Memory()
    for row in run("MemoryResponder", partner, tmp_path):
        lanes = {"we": 15 * row["we"], "wstrb": row["wstrb"], "we wstrb": row["wstrb"] * row["we"], "": 0}[signals]
        if row["ready"] and lanes:
            memory.write(row["addr"], row["wdata"], lanes)
        elif row["ready"]:
            assert memory.agrees(row["addr"], row["rdata"])


def test_memory_holds_a_program_on_request(tmp_path: Path) -> None:
    trace = run("MemoryResponder", PARTNERS["MemoryResponder"], tmp_path, contents=1, x_write=0)
    answers = {row["rdata"] for row in trace if row["ready"]}
    assert len(answers) == 8
    assert all(word & 3 == 3 for word in answers)


def test_instructions_of_two_ports_are_the_same(tmp_path: Path) -> None:
    trace = run("Instructions", Partner(inputs="word:32 again:32"), tmp_path, 100)
    assert all(row["word"] == row["again"] for row in trace)
