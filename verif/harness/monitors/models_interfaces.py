"""The hardware of models of serial interfaces, arbiters and register files."""

from __future__ import annotations

from collections.abc import Mapping

from verif.harness.monitors.arguments import Arguments, Uncovered
from verif.harness.monitors.hardware import Builder, Hardware, Ports
from verif.harness.monitors.nets import Nets, literal

_PARITIES = {"none": 0, "odd": 1, "even": 2}
_CONTROL = 3
"""Bits of a timer's CTRL register."""


def _arbiter(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "requesters", "round_robin")
    ports, requesters = Ports(nets, given), given.number("requesters")
    width = max(ports.width("req", "gnt"), requesters)
    ports.take("en", absent=1)
    ports.take("req", width)
    return ports.build(
        "check_arbiter",
        REQUESTERS=requesters,
        WIDTH=width,
        ROUND_ROBIN=given.number("round_robin", 1),
        CHECKED=ports.compare(gnt=width, gnt_valid=1, gnt_id=32),
    )


def _parallel_to_serial(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "width")
    ports, width = Ports(nets, given), given.width()
    ports.take("d", width)
    ports.take("valid_out")
    ports.take("dout")
    return ports.build("check_parallel_to_serial", WIDTH=width)


def _uart_tx(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "clocks_per_bit", "data_bits", "parity", "stop_bits")
    ports, data_bits = Ports(nets, given), given.number("data_bits")
    ports.take("valid")
    ports.take("data", data_bits)
    return ports.build(
        "check_uart_tx",
        CLOCKS_PER_BIT=given.number("clocks_per_bit"),
        DATA_BITS=data_bits,
        PARITY=_parity(given),
        STOP_BITS=given.number("stop_bits", 1),
        CHECKED=ports.compare(tx=1, ready=1, busy=1),
    )


def _uart_rx(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "clocks_per_bit", "data_bits", "parity", "delay")
    ports, data_bits, delay = Ports(nets, given), given.number("data_bits"), given.number("delay", 2)
    if delay < 1 or given.number("clocks_per_bit") < 2 or data_bits < 2:
        raise Uncovered(f"{given.number('clocks_per_bit')} clocks for a bit, {delay} cycles late")
    ports.take("rx")
    return ports.build(
        "check_uart_rx",
        CLOCKS_PER_BIT=given.number("clocks_per_bit"),
        DATA_BITS=data_bits,
        PARITY=_parity(given),
        DELAY=delay,
        CHECKED=ports.compare(data=data_bits, valid=1, parity_error=1, frame_error=1),
    )


def _parity(given: Arguments) -> int:
    parity = given.text("parity", "none")
    if parity not in _PARITIES:
        raise Uncovered(f"{parity} parity")
    return _PARITIES[parity]


def _spi_master(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "data_bits", "half_period")
    ports, data_bits = Ports(nets, given), given.width("data_bits")
    ports.take("start")
    ports.take("tx_data", data_bits)
    ports.take("miso")
    return ports.build(
        "check_spi_master",
        DATA_BITS=data_bits,
        HALF_PERIOD=given.number("half_period"),
        CHECKED=ports.compare(busy=1, done=1, rx_data=data_bits, sclk=1, cs_n=1, mosi=1),
    )


def _apb_timer(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "addresses", "width", "prescale_width")
    ports, addresses = Ports(nets, given), given.mapping("addresses")
    names = ("CTRL", "LOAD", "VALUE", "STATUS", "PRESCALE")
    if set(addresses) != set(names):
        raise Uncovered("its registers")
    width, prescale_width = given.number("width"), given.number("prescale_width")
    data = max(ports.width("pwdata", "prdata"), width, prescale_width, _CONTROL)
    address = max(ports.width("paddr"), *(int(place).bit_length() for place in addresses.values()))
    for name in ("psel", "penable", "pwrite"):
        ports.take(name)
    ports.take("paddr", address)
    ports.take("pwdata", data)
    return ports.build(
        "check_apb_timer",
        WIDTH=width,
        PRESCALE_WIDTH=prescale_width,
        DATA_WIDTH=data,
        ADDRESS_WIDTH=address,
        CHECKED=ports.compare(prdata=data, pready=1, pslverr=1, irq=1),
        **{name: literal(int(addresses[name]), address) for name in names},
    )


def _axi_lite_regs(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "registers", "control", "flags", "flag_bits")
    ports, registers = Ports(nets, given), given.mapping("registers")
    shown = {source for _, source in registers.values() if isinstance(source, str)}
    if len(shown) > 1 or any(access not in ("RO", "RW", "W1C") for access, _ in registers.values()):
        raise Uncovered("its registers")
    if any(access != "RO" for access, source in registers.values() if isinstance(source, str)):
        raise Uncovered("a register that shows an input and can be written")
    for name in ("awvalid", "wvalid", "bready", "arvalid", "rready"):
        ports.take(name)
    for name in ("awready", "wready", "bvalid", "arready", "rvalid", "irq"):
        ports.take(name)
    for name in ("awaddr", "wdata", "araddr", "event_in", "rdata", "control_out"):
        ports.take(name, 32)
    ports.take("wstrb", 4)
    ports.take("bresp", 2)
    ports.take("rresp", 2)
    ports.take(next(iter(shown), "status_in"), 32, absent=None if shown else 0, called="status_in")
    order = list(registers)
    places = [given.number("control"), given.number("flags")]
    if not set(places) <= set(order) or any(isinstance(registers[place][1], str) for place in places):
        raise Uncovered("its control or flags")
    return ports.build(
        "check_axi_lite_regs",
        COUNT=len(order),
        ADDRESSES=_packed(32, order),
        ACCESS=_packed(2, [_access(*registers[place]) for place in order]),
        VALUES=_packed(32, [_value(registers[place][1]) for place in order]),
        CONTROL=order.index(places[0]),
        FLAGS=order.index(places[1]),
        FLAG_MASK=literal((1 << given.number("flag_bits")) - 1, 32),
    )


def _access(access: str, source: object) -> int:
    return 1 if isinstance(source, str) else {"RO": 0, "RW": 2, "W1C": 3}[access]


def _value(source: object) -> int:
    return source if isinstance(source, int) else 0


def _packed(width: int, values: list[int]) -> str:
    """Return values side by side, the first lowest."""
    return literal(sum(value << width * place for place, value in enumerate(values)), width * len(values))


INTERFACES: Mapping[str, Builder] = {
    "ArbiterModel": _arbiter,
    "ParallelToSerialModel": _parallel_to_serial,
    "UartTxModel": _uart_tx,
    "UartRxModel": _uart_rx,
    "SpiMasterModel": _spi_master,
    "ApbTimerModel": _apb_timer,
    "AxiLiteRegsModel": _axi_lite_regs,
}
"""Class of a model to its hardware."""
