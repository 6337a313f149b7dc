"""Models of buses, lines and queues against independent players of the other side."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from tests.support.oracles import ASYNCHRONOUS, SYNCHRONOUS, play, same
from verif.bench.library.models.apb_timer import ApbTimerModel
from verif.bench.library.models.arbiter import ArbiterModel
from verif.bench.library.models.async_fifo import AsyncFifoModel
from verif.bench.library.models.axi_lite_regs import AxiLiteRegsModel
from verif.bench.library.models.lfsr import LfsrModel
from verif.bench.library.models.skid_buffer import SkidBufferModel
from verif.bench.library.models.spi_master import SpiMasterModel
from verif.bench.library.models.sync_fifo import SyncFifoModel
from verif.bench.library.models.two_port_ram import TwoPortRamModel
from verif.bench.library.models.uart_rx import UartRxModel
from verif.bench.library.models.uart_tx import UartTxModel
from verif.bench.library.models.wishbone_ram import WishboneRamModel


def test_lfsr_of_maximal_length_visits_every_state_but_zero() -> None:
    model = LfsrModel(ports=same("state"), reset=SYNCHRONOUS, width=16, taps=[15, 14, 12, 3], start=0xACE1)
    states = play(model, ({"rst": 0} for _ in range(65535)), "state")
    assert len(set(states)) == 65535
    assert model.step({"rst": 0})["state"] == 0xACE1
    inverted = LfsrModel(ports=same("state"), reset=SYNCHRONOUS, width=4, taps=[3, 2], start=0, invert=True)
    assert len(set(play(inverted, ({"rst": 0} for _ in range(15)), "state"))) == 15


def test_uart_transmitter_sends_a_frame_with_parity() -> None:
    ports = same("data", "valid", "ready", "tx")
    model = UartTxModel(ports=ports, reset=ASYNCHRONOUS, clocks_per_bit=2, data_bits=8, parity="even")
    seen = [model.step({"rst_n": 1, "data": 0x61 if i == 0 else 0xFF, "valid": int(i == 0)}) for i in range(24)]
    frame = [0, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1]  # start, 0x61 from bit 0, three ones so parity 1, stop
    assert [s["tx"] for s in seen] == [1, *[bit for bit in frame for _ in range(2)], 1]
    assert [s["ready"] for s in seen] == [1, *[0] * 22, 1]


def uart_line(word: int, *, stop: int = 1, parity: int = 0) -> list[int]:
    """A frame of 8 data bits and even parity, 4 cycles a bit; ``parity`` 1 breaks the parity bit."""
    data = [word >> i & 1 for i in range(8)]
    return [bit for bit in [0, *data, sum(data) % 2 ^ parity, stop] for _ in range(4)]


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        (uart_line(0x61), [(0x61, 0, 0)]),
        (uart_line(0x61, parity=1), [(0x61, 1, 0)]),
        (uart_line(0x61, stop=0), [(0x61, 0, 1)]),
        (uart_line(0x61) + uart_line(0x00) + uart_line(0xFF), [(0x61, 0, 0), (0, 0, 0), (0xFF, 0, 0)]),
        ([0, 0, 1, 1], []),
        ([0] * 200, [(0, 0, 1)]),
    ],
)
def test_uart_receiver_reports_words_and_errors(line: list[int], reported: list[tuple[int, int, int]]) -> None:
    ports = same("rx", "data", "valid", "parity_error", "frame_error")
    model = UartRxModel(ports=ports, reset=ASYNCHRONOUS, clocks_per_bit=4, data_bits=8, parity="even")
    seen = [model.step({"rst_n": 1, "rx": level}) for level in [1, 1, *line, *[1] * 20]]
    found = [(s["data"], s["parity_error"], s["frame_error"]) for s in seen if s["valid"]]
    assert found == reported


def test_spi_master_exchanges_words_with_a_mode_0_slave() -> None:
    ports = same("start", "tx_data", "miso", "busy", "done", "rx_data", "sclk", "cs_n", "mosi")
    model = SpiMasterModel(ports=ports, reset=SYNCHRONOUS, data_bits=8, half_period=3)
    answer, shifted, received, clock = 0xA7, 0, [], 0
    for cycle in range(60):
        # the slave shows bit ``shifted`` and moves on when sclk falls; it samples mosi when sclk rises
        out = model.step(
            {"rst": 0, "start": int(cycle == 0), "tx_data": 0x3C, "miso": answer >> (7 - min(shifted, 7)) & 1}
        )
        if out["sclk"] and not clock:
            received.append(out["mosi"])
        shifted += int(clock and not out["sclk"])
        clock = out["sclk"]
        if out["done"]:
            break
    assert int("".join(map(str, received)), 2) == 0x3C
    assert (out["rx_data"], out["cs_n"], cycle) == (0xA7, 1, (2 * 8 + 1) * 3 + 1)


@pytest.mark.parametrize("show_ahead", [True, False])
def test_sync_fifo_reads_in_order_whatever_the_requests(show_ahead: bool) -> None:
    ports = same("wr_en", "rd_en", "wr_data", "rd_data", "full", "empty", "level")
    model = SyncFifoModel(ports=ports, reset=SYNCHRONOUS, depth=4, width=8, show_ahead=show_ahead)
    rng = random.Random(1)
    written: list[int] = []
    read: list[int | None] = []
    reading = False
    for _ in range(500):
        row = {"rst": 0, "wr_en": rng.getrandbits(1), "rd_en": rng.getrandbits(1), "wr_data": rng.getrandbits(8)}
        out = model.step(row)
        if not show_ahead and reading:
            read.append(out["rd_data"])
        assert out["level"] == len(written) - len(read)
        assert out["full"] == (out["level"] == 4)
        reading = bool(row["rd_en"]) and not out["empty"]
        if show_ahead and reading:
            read.append(out["rd_data"])
        if row["wr_en"] and not out["full"]:
            written.append(row["wr_data"])
    assert len(read) > 100
    assert read == written[: len(read)]


def test_sync_fifo_can_take_a_write_while_full_along_with_a_read() -> None:
    ports = same("wr_en", "rd_en", "wr_data", "rd_data", "full", "empty")
    both = {"rst": 0, "wr_en": 1, "rd_en": 1, "wr_data": 2}
    fill = {**both, "rd_en": 0, "wr_data": 1}
    for allowed, full in ((True, 1), (False, 0)):
        model = SyncFifoModel(
            ports=ports, reset=SYNCHRONOUS, depth=1, width=8, show_ahead=True, write_when_full_and_read=allowed
        )
        assert [model.step(row)["full"] for row in (fill, both, both)] == [0, 1, full]


def test_async_fifo_shows_a_word_after_the_second_read_edge() -> None:
    ports = same("wr_clk", "rd_clk", "wr_en", "rd_en", "wr_data", "rd_data", "full", "empty")
    resets = {"wr_reset": ("wr_rst_n", 0, True), "rd_reset": ("rd_rst_n", 0, True)}
    model = AsyncFifoModel(ports=ports, depth=4, idle_data=0, **resets)
    quiet = {"wr_rst_n": 1, "rd_rst_n": 1, "wr_en": 0, "rd_en": 0, "wr_data": 0, "wr_clk": 0, "rd_clk": 1}
    write = {**quiet, "wr_clk": 1, "rd_clk": 0, "wr_en": 1, "wr_data": 9}
    seen = [model.step(row) for row in (write, quiet, quiet, quiet)]
    assert [s["empty"] for s in seen] == [1, 1, 1, 0]
    assert [s["rd_data"] for s in seen] == [0, 0, 0, 9]
    assert [model.step(write)["full"] for _ in range(4)] == [0, 0, 0, 1]


def test_skid_buffer_streams_at_full_rate_and_holds_two() -> None:
    ports = same("in_valid", "in_ready", "out_valid", "out_ready")
    model = SkidBufferModel(ports=ports, payload=[("d", "q")], reset=SYNCHRONOUS)
    seen = [model.step({"rst": 0, "in_valid": 1, "out_ready": int(i < 5), "d": i}) for i in range(9)]
    assert [s["q"] for s in seen] == [None, 0, 1, 2, 3, 4, 4, 4, 4]
    assert [s["in_ready"] for s in seen] == [1, 1, 1, 1, 1, 1, 0, 0, 0]


def test_round_robin_serves_all_requesters_in_turn() -> None:
    model = ArbiterModel(ports=same("req", "gnt", "gnt_valid"), reset=ASYNCHRONOUS, requesters=4)
    assert play(model, ({"rst_n": 1, "req": 15} for _ in range(5)), "gnt") == [1, 2, 4, 8, 1]
    assert play(model, ({"rst_n": 1, "req": r} for r in (0b1001, 0b1001, 0)), "gnt") == [8, 1, 0]
    fixed = ArbiterModel(ports=same("req", "gnt"), reset=ASYNCHRONOUS, requesters=4, round_robin=False)
    assert play(fixed, ({"rst_n": 1, "req": 12} for _ in range(2)), "gnt") == [4, 4]


def test_two_port_ram_reads_what_was_written() -> None:
    ports = same("write_en", "write_addr", "write_data", "read_en", "read_addr", "read_data")
    model = TwoPortRamModel(ports=ports, reset=ASYNCHRONOUS, idle=0, words=8)
    write = {"rst_n": 1, "write_en": 1, "write_addr": 3, "write_data": 5, "read_en": 0, "read_addr": 3}
    read = {**write, "write_en": 0, "read_en": 1}
    assert play(model, (write, read, {**read, "read_en": 0}, read), "read_data") == [0, 0, 5, 0]
    assert play(model, ({**write, "read_en": 1}, read), "read_data")[1] is None


def test_wishbone_ram_acknowledges_once_and_knows_what_was_written() -> None:
    ports = same("cyc", "stb", "we", "sel", "adr", "dat_i", "dat_o", "ack")
    model = WishboneRamModel(ports=ports, reset=SYNCHRONOUS, lanes=4)
    row = {"rst": 0, "cyc": 1, "stb": 1, "we": 1, "sel": 0b0011, "adr": 2, "dat_i": 0x11223344}
    rows = [
        row,
        row,
        {**row, "we": 0},
        {**row, "we": 0},
        {**row, "sel": 0b1100},
        row,
        {**row, "we": 0},
        {**row, "we": 0},
    ]
    seen = [model.step(each) for each in rows]
    assert [s["ack"] for s in seen] == [0, 1, 0, 1, 0, 1, 0, 1]
    assert [s["dat_o"] for s in seen] == [0, 0, 0, None, None, None, None, 0x11223344]


def timer() -> ApbTimerModel:
    ports = same("psel", "penable", "pwrite", "paddr", "pwdata", "prdata", "pready", "pslverr", "irq")
    addresses = {"CTRL": 0, "LOAD": 4, "VALUE": 8, "STATUS": 12, "PRESCALE": 16}
    return ApbTimerModel(ports=ports, reset=ASYNCHRONOUS, addresses=addresses, width=8, prescale_width=4)


def access(model: ApbTimerModel, address: int, data: int | None = None) -> dict[str, int | None]:
    row = {"presetn": 1, "rst_n": 1, "psel": 1, "pwrite": int(data is not None), "paddr": address, "pwdata": data or 0}
    model.step({**row, "penable": 0})
    return model.step({**row, "penable": 1})


@pytest.mark.parametrize(("load", "prescale"), [(0, 0), (3, 0), (2, 4)])
def test_periodic_timer_expires_every_load_plus_1_times_prescale_plus_1_cycles(load: int, prescale: int) -> None:
    model = timer()
    access(model, 16, prescale)
    access(model, 4, load)
    access(model, 0, 0b111)
    expiries = []
    for cycle in range(100):
        before = model.registers["STATUS"]
        model.registers["STATUS"] = 0
        model.step({"rst_n": 1, "psel": 0, "penable": 0, "pwrite": 0, "paddr": 0, "pwdata": 0})
        if model.registers["STATUS"]:
            expiries.append(cycle)
        assert before in (0, 1)
    gaps = {b - a for a, b in pairwise(expiries)}
    assert gaps == {(load + 1) * (prescale + 1)}


def test_timer_answers_unmapped_addresses_with_an_error() -> None:
    model = timer()
    assert access(model, 0x14)["pslverr"] == 1
    assert access(model, 0x05, 255)["pslverr"] == 1
    access(model, 4, 0x1FF)
    assert access(model, 4)["prdata"] == 0xFF
    assert access(model, 8)["prdata"] == 0xFF


def test_axi_lite_registers_take_address_and_data_in_any_order() -> None:
    requests = ("awaddr", "awvalid", "wdata", "wstrb", "wvalid", "bready", "araddr", "arvalid", "rready")
    answers = ("awready", "wready", "bvalid", "bresp", "arready", "rvalid", "rdata", "rresp")
    ports = same(*requests, *answers, "event_in", "status_in", "control_out", "irq")
    registers = {0: ("RO", 0x50), 4: ("RW", 0), 8: ("RO", "status_in"), 16: ("W1C", 0)}
    model = AxiLiteRegsModel(ports=ports, reset=SYNCHRONOUS, registers=registers, control=4, flags=16, flag_bits=8)
    quiet = dict.fromkeys(ports, 0) | {"rst": 0, "bready": 1, "rready": 1, "status_in": 77}
    model.step(quiet | {"wvalid": 1, "wdata": 0xAABBCCDD, "wstrb": 0b0001})
    assert model.step(quiet)["bvalid"] == 0
    model.step(quiet | {"awvalid": 1, "awaddr": 6})
    assert [model.step(quiet)["bvalid"] for _ in range(3)] == [0, 1, 0]
    assert model.step(quiet | {"arvalid": 1, "araddr": 8, "event_in": 0x80})["control_out"] == 0xDD
    out = model.step(quiet)
    assert (out["rvalid"], out["rdata"], out["rresp"], out["irq"]) == (1, 77, 0, 1)
    model.step(quiet | {"arvalid": 1, "araddr": 0x20})
    assert (out := model.step(quiet))["rresp"] == 2 and out["rdata"] == 0
    model.step(quiet | {"awvalid": 1, "awaddr": 16, "wvalid": 1, "wdata": 0x80, "wstrb": 1})
    model.step(quiet | {"event_in": 0x80})  # the event wins over the clearing at the same edge
    assert model.step(quiet)["irq"] == 1
