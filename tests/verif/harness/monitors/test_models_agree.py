"""A hardware model says the same as its Python model in every cycle, whatever the design does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.model_traces import traces
from tests.support.monitors import (
    Bench,
    hardware_verdicts,
    ports_design,
    python_verdicts,
    with_model,
)
from verif.design.model import Clock, Reset

HIGH = Reset(name="rst", active_high=True, asynchronous=True, cycles=3)
RESET = ("rst", 1, True)


def case(
    module: str,
    class_name: str,
    inputs: Mapping[str, int],
    outputs: Mapping[str, int],
    clocked: bool = True,
    **options: object,
) -> Bench:
    """Return a design with a model whose ports are called as the model calls them."""
    design = ports_design(
        inputs, outputs, clocks=(Clock(name="clk"),) if clocked else (), resets=(HIGH,) if clocked else ()
    )
    ports = {name: name for name in (*inputs, *outputs)}
    arguments: dict[str, object] = {"ports": ports, **({"reset": RESET} if clocked else {}), **options}
    return with_model(design, module, class_name, **arguments)


FIFO_IN = {"wr_en": 1, "wr_data": 5, "rd_en": 1}
FIFO_FLAGS = {"full": 1, "empty": 1, "level": 4, "free": 4, "valid": 1, "ready": 1}
FIFO_MORE = {"overflow": 1, "underflow": 1, "almost_full": 1, "almost_empty": 1}
UART = {"clocks_per_bit": 3, "data_bits": 5}
ALL_OPERATIONS = [
    *("add", "sub", "and", "or", "xor", "nor", "nand", "xnor", "not", "pass", "inc", "dec", "sll", "srl", "sra"),
    *("slt", "sltu"),
]


def alu(width: int, reserved: int | None) -> Bench:
    """Every operation with every flag rule, and codes that may do anything."""
    rules: list[object] = [None, 0, 1, "carry", "borrow", "overflow"]
    operations: dict[int, object] = {
        code: (name, rules[code % 6], rules[(code + code // 6) % 6]) for code, name in enumerate(ALL_OPERATIONS)
    }
    operations |= {17: ("add", "carry", "overflow"), 18: ("sub", "borrow", "overflow"), 20: None}
    outputs = {"y": width, "zero": 1, "negative": 1, "carry": 1, "overflow": 1}
    inputs = {"op": 5, "a": width, "b": width}
    return case("alu", "AluModel", inputs, outputs, False, width=width, operations=operations, reserved=reserved)


def async_fifo(**options: object) -> Bench:
    clocks = (Clock(name="wr_clk", ratio=2), Clock(name="rd_clk", ratio=3))
    resets = tuple(
        Reset(name=name, active_high=False, asynchronous=True, cycles=2) for name in ("wr_rst_n", "rd_rst_n")
    )
    outputs = {"full": 1, "empty": 1, "rd_data": 5}
    design = ports_design(FIFO_IN, outputs, clocks=clocks, resets=resets)
    ports = {name: name for name in (*FIFO_IN, *outputs, "wr_clk", "rd_clk")}
    arguments = {"ports": ports, "wr_reset": ("wr_rst_n", 0, True), "rd_reset": ("rd_rst_n", 0, True), "depth": 4}
    return with_model(design, "async_fifo", "AsyncFifoModel", **arguments, **options)


def skid(capacity: int, **options: object) -> Bench:
    inputs = {"in_valid": 1, "out_ready": 1, "in_data": 7, "in_last": 1}
    outputs = {"in_ready": 1, "out_valid": 1, "out_data": 7, "out_last": 1}
    ports = {name: name for name in ("in_valid", "out_ready", "in_ready", "out_valid")}
    payload = [("in_data", "out_data"), ("in_last", "out_last")]
    arguments = {"ports": ports, "payload": payload, "reset": RESET, "capacity": capacity}
    design = ports_design(inputs, outputs, resets=(HIGH,))
    return with_model(design, "skid_buffer", "SkidBufferModel", **arguments, **options)


def registers() -> Bench:
    inputs = dict.fromkeys(("awvalid", "wvalid", "bready", "arvalid", "rready"), 1)
    inputs |= {"awaddr": 5, "wdata": 32, "wstrb": 4, "araddr": 5, "status_in": 32, "event_in": 6}
    outputs = dict.fromkeys(("awready", "wready", "bvalid", "arready", "rvalid", "irq"), 1)
    outputs |= {"bresp": 2, "rdata": 32, "rresp": 2, "control_out": 32}
    known = {0: ("RO", 0x12345678), 4: ("RW", 3), 8: ("RO", "status_in"), 12: ("RW", 0), 16: ("W1C", 0)}
    options = {"registers": known, "control": 4, "flags": 16, "flag_bits": 6}
    return case("axi_lite_regs", "AxiLiteRegsModel", inputs, outputs, **options)


def timer() -> Bench:
    inputs = {"psel": 1, "penable": 1, "pwrite": 1, "paddr": 5, "pwdata": 8}
    outputs = {"prdata": 8, "pready": 1, "pslverr": 1, "irq": 1}
    addresses = {"CTRL": 0, "LOAD": 4, "VALUE": 8, "STATUS": 12, "PRESCALE": 16}
    return case("apb_timer", "ApbTimerModel", inputs, outputs, addresses=addresses, width=4, prescale_width=2)


def divider(**halves: int) -> Bench:
    design = ports_design({}, dict.fromkeys(halves, 1), resets=(HIGH,))
    return with_model(design, "frequency_divider", "FrequencyDividerModel", half_periods=halves, reset=RESET)


CRC = {"width": 16, "data_width": 8, "polynomial": 0x1021, "initial": 0xFFFF, "final_xor": 0}
RING = {"width": 4, "start": 1}
CASES: dict[str, Bench] = {
    "fifo": case(
        "sync_fifo",
        "SyncFifoModel",
        FIFO_IN,
        {**FIFO_FLAGS, **FIFO_MORE, "rd_data": 5},
        depth=5,
        width=5,
        show_ahead=True,
        idle_data=0,
        almost_full=4,
        almost_empty=1,
    ),
    "fifo with registered reads": case(
        "sync_fifo",
        "SyncFifoModel",
        FIFO_IN,
        {"rd_data": 6, "full": 1, "empty": 1, "overflow": 1},
        depth=8,
        width=4,
        show_ahead=False,
        write_when_full_and_read=True,
    ),
    "fifo that shows anything while empty": case(
        "sync_fifo", "SyncFifoModel", FIFO_IN, {"rd_data": 5, "level": 6}, depth=1, width=5, show_ahead=True
    ),
    "async fifo": async_fifo(idle_data=0),
    "async fifo with more stages": async_fifo(stages=3),
    "skid buffer": skid(2),
    "skid buffer, late ready": skid(3, ready_after_reset=False),
    "arbiter": case(
        "arbiter", "ArbiterModel", {"req": 5, "en": 1}, {"gnt": 5, "gnt_valid": 1, "gnt_id": 3}, requesters=5
    ),
    "fixed arbiter": case("arbiter", "ArbiterModel", {"req": 4}, {"gnt": 4}, requesters=3, round_robin=False),
    "arbiter of one": case("arbiter", "ArbiterModel", {"req": 1}, {"gnt": 1}, requesters=1),
    "counter": case("counter", "CounterModel", {"en": 1, "up": 1}, {"count": 4}, modulo=10),
    "free counter": case("counter", "CounterModel", {}, {"count": 3}, modulo=8),
    "gray": case(
        "gray_counter",
        "GrayCounterModel",
        {"en": 1, "load": 1, "load_value": 3},
        {"gray": 3, "binary": 3, "wrap": 1},
        width=3,
    ),
    "free gray": case("gray_counter", "GrayCounterModel", {}, {"gray": 3}, width=3),
    "lfsr": case(
        "lfsr",
        "LfsrModel",
        {"en": 1, "load": 1, "seed": 8},
        {"state": 8, "bit_out": 1},
        width=8,
        taps=[7, 5, 4, 3],
        start=0x5A,
        replace_zero=True,
    ),
    "inverted lfsr": case("lfsr", "LfsrModel", {}, {"state": 5}, width=5, taps=[4, 2], start=0, invert=True),
    "crc": case(
        "crc", "CrcModel", {"clear": 1, "valid": 1, "data": 8}, {"crc": 16}, **CRC, reflect_in=False, reflect_out=False
    ),
    "crc of reflected words": case(
        "crc", "CrcModel", {"data": 8}, {"crc": 16}, **CRC, reflect_in=True, reflect_out=False
    ),
    "crc with a mirrored result": case(
        "crc", "CrcModel", {"valid": 1, "data": 8}, {"crc": 16}, **CRC, reflect_in=False, reflect_out=True
    ),
    "reflected crc": case(
        "crc", "CrcModel", {"data": 8}, {"crc": 16}, **(CRC | {"final_xor": 0xFFFF}), reflect_in=True, reflect_out=True
    ),
    "pwm": case("pwm", "PwmModel", {"en": 1, "period": 3, "duty": 4}, {"pwm_out": 1, "period_end": 1}),
    "free pwm": case("pwm", "PwmModel", {"period": 3, "duty": 3}, {"pwm_out": 1}),
    "priority encoder": case(
        "priority_encoder",
        "PriorityEncoderModel",
        {"lines": 6, "enable": 1},
        {"index": 3, "onehot": 6, "valid": 1, "multiple": 1},
        False,
        highest_wins=True,
        idle=0,
    ),
    "lowest first": case(
        "priority_encoder",
        "PriorityEncoderModel",
        {"lines": 5},
        {"index": 3, "valid": 1},
        False,
        highest_wins=False,
        idle=None,
    ),
    "sequence": case(
        "sequence_detector",
        "SequenceDetectorModel",
        {"din": 1, "din_valid": 1},
        {"detected": 1, "match_count": 3},
        sequence="1011",
        top=7,
    ),
    "sequence of zeros": case(
        "sequence_detector", "SequenceDetectorModel", {"din": 1}, {"detected": 1}, sequence="00", same_cycle=True
    ),
    "sequence without overlap": case(
        "sequence_detector", "SequenceDetectorModel", {"din": 1}, {"detected": 1}, sequence="101", overlap=False
    ),
    "divider": case(
        "divider",
        "DividerModel",
        {"start": 1, "dividend": 4, "divisor": 4},
        {"busy": 1, "done": 1, "quotient": 4, "remainder": 4, "div_by_zero": 1},
        width=4,
        latency=3,
    ),
    "uart tx": case(
        "uart_tx",
        "UartTxModel",
        {"valid": 1, "data": 5},
        {"tx": 1, "ready": 1, "busy": 1},
        **UART,
        parity="even",
        stop_bits=2,
    ),
    "uart tx without parity": case("uart_tx", "UartTxModel", {"valid": 1, "data": 5}, {"tx": 1}, **UART),
    "uart tx, odd": case(
        "uart_tx",
        "UartTxModel",
        {"valid": 1, "data": 5},
        {"tx": 1, "ready": 1},
        **(UART | {"clocks_per_bit": 1}),
        parity="odd",
    ),
    "uart rx": case(
        "uart_rx",
        "UartRxModel",
        {"rx": 1},
        {"data": 5, "valid": 1, "parity_error": 1, "frame_error": 1},
        **UART,
        parity="even",
    ),
    "uart rx without parity": case("uart_rx", "UartRxModel", {"rx": 1}, {"data": 5, "valid": 1}, **UART, delay=1),
    "uart rx, odd": case(
        "uart_rx",
        "UartRxModel",
        {"rx": 1},
        {"data": 5, "parity_error": 1},
        **(UART | {"clocks_per_bit": 2}),
        parity="odd",
        delay=3,
    ),
    "spi": case(
        "spi_master",
        "SpiMasterModel",
        {"start": 1, "tx_data": 4, "miso": 1},
        {"busy": 1, "done": 1, "rx_data": 4, "sclk": 1, "cs_n": 1, "mosi": 1},
        data_bits=4,
        half_period=2,
    ),
    "fast spi": case(
        "spi_master",
        "SpiMasterModel",
        {"start": 1, "tx_data": 5, "miso": 1},
        {"rx_data": 5, "sclk": 1, "mosi": 1},
        data_bits=5,
        half_period=1,
    ),
    "timer": timer(),
    "registers": registers(),
    "wishbone ram": case(
        "wishbone_ram",
        "WishboneRamModel",
        {"cyc": 1, "stb": 1, "we": 1, "sel": 2, "adr": 2, "dat_i": 16},
        {"ack": 1, "dat_o": 16},
        lanes=2,
    ),
    "wishbone ram without selects": case(
        "wishbone_ram",
        "WishboneRamModel",
        {"cyc": 1, "stb": 1, "we": 1, "adr": 3, "dat_i": 8},
        {"ack": 1, "dat_o": 8},
        lanes=1,
    ),
    "adder": case("adder", "AdderModel", {"a": 4, "b": 4, "carry_in": 1}, {"sum": 4, "carry_out": 1}, False, base=16),
    "decimal adder": case("adder", "AdderModel", {"a": 4, "b": 4}, {"sum": 4}, False, base=10),
    "subtractor": case(
        "subtractor",
        "SubtractorModel",
        {"a": 4, "b": 4, "borrow_in": 1},
        {"difference": 4, "borrow_out": 1, "overflow": 1},
        False,
        width=4,
    ),
    "comparator": case("comparator", "ComparatorModel", {"a": 3, "b": 3}, {"greater": 1, "equal": 1, "less": 1}, False),
    "division": case(
        "division", "DivisionModel", {"dividend": 5, "divisor": 3}, {"quotient": 5, "remainder": 3}, False
    ),
    "multiplier": case("multiplier", "MultiplierModel", {"a": 4, "b": 4}, {"product": 8}, width=8, latency=3),
    "product": case("multiplier", "MultiplierModel", {"a": 4, "b": 3}, {"product": 7}, False, width=6),
    "accumulator": case(
        "multiply_accumulate", "MultiplyAccumulateModel", {"a": 4, "b": 4, "en": 1}, {"total": 9}, width=9
    ),
    "alu": alu(8, 0),
    "alu of odd width": alu(5, None),
    "ring": case("ring_counter", "RingCounterModel", {}, {"state": 4}, **RING, left=True, twisted=False),
    "johnson": case("ring_counter", "RingCounterModel", {}, {"state": 4}, **RING, left=False, twisted=True),
    "frequency divider": divider(fast=1, slow=3, slower=10),
    "shift register": case(
        "shift_register", "ShiftRegisterModel", {"bit": 1, "en": 1}, {"state": 4}, width=4, right=True
    ),
    "left shift register": case(
        "shift_register", "ShiftRegisterModel", {"bit": 1}, {"state": 4}, width=4, right=False, start=6
    ),
    "edges": case("edge_detector", "EdgeDetectorModel", {"signal": 1}, {"rise": 1, "fall": 1}),
    "parallel to serial": case(
        "parallel_to_serial", "ParallelToSerialModel", {"d": 4}, {"valid_out": 1, "dout": 1}, width=4
    ),
    "time of day": case("time_of_day", "TimeOfDayModel", {}, {"hours": 5, "minutes": 6, "seconds": 6}),
    "rom": case("rom", "RomModel", {"address": 3}, {"data": 8}, False, words={0: 0xA0, 1: 0xB1, 6: 0xF6}),
    "ram": case(
        "two_port_ram",
        "TwoPortRamModel",
        {"write_en": 1, "write_addr": 3, "write_data": 6, "read_en": 1, "read_addr": 3},
        {"read_data": 6},
        idle=None,
        words=6,
    ),
    "ram with idle data": case(
        "two_port_ram",
        "TwoPortRamModel",
        {"write_en": 1, "write_addr": 3, "write_data": 6, "read_en": 1, "read_addr": 3},
        {"read_data": 6},
        idle=0,
        words=8,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_hardware_model_fails_in_the_same_cycles_as_the_python_model(name: str, tmp_path: Path) -> None:
    bench = CASES[name]
    rows = traces(bench)
    expected = python_verdicts(bench, rows)[0]
    heard = hardware_verdicts(bench, rows, tmp_path)[0]
    different = [tick for tick, pair in enumerate(zip(expected, heard.fail, strict=True)) if len(set(pair)) > 1]
    assert not different, f"tick {different[0]}: the model says {expected[different[0]]}: {rows[different[0]]}"
    assert 20 < sum(expected) < len(rows)
    assert sum(heard.seen) > 100
