"""The hardware of models that count, shift and time."""

from __future__ import annotations

from collections.abc import Mapping

from verif.harness.monitors.arguments import Arguments
from verif.harness.monitors.hardware import Builder, Hardware, Ports
from verif.harness.monitors.nets import Nets, literal


def _counter(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "modulo")
    ports, top = Ports(nets, given), given.number("modulo") - 1
    width = max(ports.width("count"), top.bit_length())
    ports.take("en", absent=1)
    ports.take("up", absent=1)
    ports.take("count", width)
    return ports.build("check_counter", WIDTH=width, TOP=literal(top, width))


def _gray_counter(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "width")
    ports, width = Ports(nets, given), given.width()
    loads = ports.width("load") and "load" in given.mapping("ports")
    ports.take("en", absent=1)
    ports.take("load", absent=0)
    ports.take("load_value", width, absent=None if loads else 0)
    return ports.build("check_gray_counter", WIDTH=width, CHECKED=ports.compare(gray=width, binary=width, wrap=1))


def _lfsr(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "width", "taps", "start", "invert", "replace_zero")
    ports, width = Ports(nets, given), given.width()
    taps = 0
    for tap in given.numbers("taps"):
        taps ^= 1 << tap
    ports.take("en", absent=1)
    ports.take("load", absent=0)
    ports.take("seed", width, absent=None if "load" in given.mapping("ports") else 0)
    return ports.build(
        "check_lfsr",
        WIDTH=width,
        TAPS=literal(taps, width),
        START=literal(given.number("start"), width),
        INVERT=given.number("invert"),
        REPLACE_ZERO=given.number("replace_zero"),
        CHECKED=ports.compare(state=width, bit_out=1),
    )


def _crc(nets: Nets, given: Arguments) -> Hardware:
    names = ("width", "data_width", "polynomial", "initial", "reflect_in", "reflect_out", "final_xor")
    given.only("ports", "reset", *names)
    ports, width, data_width = Ports(nets, given), given.width(), given.number("data_width")
    ports.take("clear", absent=0)
    ports.take("valid", absent=1)
    ports.take("data", data_width)
    ports.take("crc", width)
    mirrored = given.number("reflect_out")
    polynomial, initial = given.number("polynomial"), given.number("initial")
    if mirrored:
        polynomial, initial = _mirrored(polynomial, width), _mirrored(initial, width)
    return ports.build(
        "check_crc",
        WIDTH=width,
        DATA_WIDTH=data_width,
        POLYNOMIAL=literal(polynomial, width),
        INITIAL=literal(initial, width),
        REFLECT_IN=given.number("reflect_in"),
        MIRRORED=mirrored,
        FINAL_XOR=literal(given.number("final_xor"), width),
    )


def _mirrored(value: int, width: int) -> int:
    return int(f"{value:0{width}b}"[::-1], 2)


def _pwm(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset")
    ports = Ports(nets, given)
    width = ports.width("period", "duty")
    ports.take("en", absent=1)
    ports.take("period", width)
    ports.take("duty", width)
    return ports.build("check_pwm", WIDTH=width, CHECKED=ports.compare(pwm_out=1, period_end=1))


def _ring_counter(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "width", "start", "left", "twisted")
    ports, width = Ports(nets, given), given.width()
    ports.take("state", width)
    return ports.build(
        "check_ring_counter",
        WIDTH=width,
        START=literal(given.number("start"), width),
        LEFT=given.number("left"),
        TWISTED=given.number("twisted"),
    )


def _frequency_divider(nets: Nets, given: Arguments) -> Hardware:
    given.only("half_periods", "reset")
    halves = given.mapping("half_periods")
    packed = sum(half << 32 * place for place, half in enumerate(reversed(halves.values())))
    for port in halves:
        nets.bit(port)
    return Hardware(
        module="check_frequency_divider",
        connections={"clk": nets.the_clock(), "outputs": nets.joined(halves)},
        parameters={"COUNT": len(halves), "HALF_PERIODS": literal(packed, 32 * len(halves))},
    )


def _shift_register(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "width", "right", "start")
    ports, width = Ports(nets, given), given.width()
    ports.take("en", absent=1)
    ports.take("bit", called="enters")
    ports.take("state", width)
    return ports.build(
        "check_shift_register",
        WIDTH=width,
        RIGHT=given.number("right"),
        HAS_START=int(given.has("start")),
        START=literal(given.number("start") if given.has("start") else 0, width),
    )


def _edge_detector(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset")
    ports = Ports(nets, given)
    ports.take("signal", called="level")
    return ports.build("check_edge_detector", CHECKED=ports.compare(rise=1, fall=1))


def _sequence_detector(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "sequence", "overlap", "same_cycle", "top")
    ports, sequence = Ports(nets, given), given.text("sequence")
    ports.take("din")
    ports.take("din_valid", absent=1)
    return ports.build(
        "check_sequence_detector",
        LENGTH=len(sequence),
        SEQUENCE=literal(int(sequence, 2), len(sequence)),
        OVERLAP=given.number("overlap", 1),
        SAME_CYCLE=given.number("same_cycle"),
        TOP=given.number("top"),
        CHECKED=ports.compare(detected=1, match_count=32),
    )


def _time_of_day(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset")
    ports = Ports(nets, given)
    for name in ("hours", "minutes", "seconds"):
        ports.take(name, 32)
    return ports.build("check_time_of_day")


COUNTING: Mapping[str, Builder] = {
    "CounterModel": _counter,
    "GrayCounterModel": _gray_counter,
    "LfsrModel": _lfsr,
    "CrcModel": _crc,
    "PwmModel": _pwm,
    "RingCounterModel": _ring_counter,
    "FrequencyDividerModel": _frequency_divider,
    "ShiftRegisterModel": _shift_register,
    "EdgeDetectorModel": _edge_detector,
    "SequenceDetectorModel": _sequence_detector,
    "TimeOfDayModel": _time_of_day,
}
"""Class of a model to its hardware."""
