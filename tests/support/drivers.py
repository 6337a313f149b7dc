"""One worked example of every stimulus driver: ports, options, and a design-like responder to play it against."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from verif.stimulus.drivers.base import Driver
from verif.stimulus.registry import driver_class

Cycle = dict[str, int | None]
"""Every signal's value in one cycle, under the driver's own signal names."""
Respond = Callable[[Mapping[str, int]], Mapping[str, int | None]]
"""Takes the driven signals of a cycle, gives the watched ones of the same cycle, and advances."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """How a driver is made for a test, and what answers it."""

    ports: tuple[str, ...]
    options: Mapping[str, int | str | list[int]] = field(default_factory=dict)
    responder: Callable[[random.Random], Respond] = lambda rng: lambda inputs: {}

    def make(self, kind: str) -> Driver:
        """Return the driver; ports and knobs are named as its signals and local knobs."""
        made: Driver = driver_class(kind)(
            ports={name: name for name in self.ports},
            knobs={name: name for name in driver_class(kind).KNOBS},
            **self.options,  # type: ignore[arg-type]
        )
        return made


def play(
    kind: str, cycles: int, *, seed: int = 1, example: Example | None = None, **settings: int | str
) -> list[Cycle]:
    """Play the example of ``kind`` for some cycles with constant settings."""
    return play_phases(kind, [(cycles, settings)], seed=seed, example=example)


def play_phases(
    kind: str, phases: list[tuple[int, dict[str, int | str]]], *, seed: int = 1, example: Example | None = None
) -> list[Cycle]:
    """Play the example of ``kind`` through phases of cycles and settings."""
    example = example or EXAMPLES[kind]
    driver = example.make(kind)
    driver.reset(random.Random(seed))
    respond = example.responder(random.Random(seed + 1000))
    trace: list[Cycle] = []
    sample: Cycle = {}
    for cycles, settings in phases:
        for _ in range(cycles):
            inputs = driver.drive(settings, sample)
            sample = {**inputs, **respond(inputs)}
            trace.append(sample)
    return trace


def randomly(**rates: float) -> Callable[[random.Random], Respond]:
    """Return a responder whose signals are high at random, each at its rate."""

    def start(rng: random.Random) -> Respond:
        return lambda inputs: {name: int(rng.random() < rate) for name, rate in rates.items()}

    return start


def fifo(depth: int) -> Callable[[random.Random], Respond]:
    """Return a FIFO whose other side moves at random; shows full, empty and the other side's enable."""

    def start(rng: random.Random) -> Respond:
        inside = 0

        def respond(inputs: Mapping[str, int]) -> dict[str, int | None]:
            nonlocal inside
            other = int(rng.random() < 0.5)
            full, empty = int(inside == depth), int(inside == 0)
            push = inputs["en"] if "data" in inputs else other
            pop = other if "data" in inputs else inputs["en"]
            shown: dict[str, int | None] = {"full": full, "empty": empty, "pop": pop, "push": push}
            inside += (push and not full) - (pop and not empty)
            return shown

        return respond

    return start


def operation(latency: int) -> Callable[[random.Random], Respond]:
    """Return a design that is busy for ``latency`` cycles after a start and then done for one."""

    def start(rng: random.Random) -> Respond:
        left = 0

        def respond(inputs: Mapping[str, int]) -> dict[str, int | None]:
            nonlocal left
            shown: dict[str, int | None] = {"busy": int(left > 1), "done": int(left == 1)}
            if left > 0:
                left -= 1
            if left == 0 and inputs["start"]:
                left = latency + 1
            return shown

        return respond

    return start


def wishbone_slave(rng: random.Random) -> Respond:
    """A classic slave that acknowledges after a random wait, for one cycle."""
    acked = False

    def respond(inputs: Mapping[str, int]) -> dict[str, int | None]:
        nonlocal acked
        acked = bool(inputs["cyc"] and inputs["stb"] and not acked and rng.random() < 0.5)
        return {"ack": int(acked), "err": 0}

    return respond


def axi_lite_slave(rng: random.Random) -> Respond:
    """A slave with one write and one read at a time, and readies that come and go."""
    have: dict[str, bool] = {"aw": False, "w": False, "ar": False}
    b = r = False

    def respond(inputs: Mapping[str, int]) -> dict[str, int | None]:
        nonlocal b, r
        ready = {channel: not taken and rng.random() < 0.5 for channel, taken in have.items()}
        shown: dict[str, int | None] = {f"{channel}ready": int(level) for channel, level in ready.items()}
        shown |= {"bvalid": int(b), "rvalid": int(r), "bresp": 0, "rresp": 0, "rdata": 7}
        b, r = b and not inputs["bready"], r and not inputs["rready"]
        for channel in have:
            have[channel] = have[channel] or bool(ready[channel] and inputs[f"{channel}valid"])
        if have["aw"] and have["w"] and not b:
            have["aw"], have["w"], b = False, False, True
        if have["ar"] and not r:
            have["ar"], r = False, True
        return shown

    return respond


def requests(*names: str, **widths: int) -> Callable[[random.Random], Respond]:
    """Return a master that holds a request (all of ``names``) until it is answered, with random payload."""

    def start(rng: random.Random) -> Respond:
        asking = False
        payload = dict.fromkeys(widths, 0)

        def respond(inputs: Mapping[str, int]) -> dict[str, int | None]:
            nonlocal asking, payload
            if not asking and rng.random() < 0.7:
                asking = True
                payload = {name: rng.getrandbits(width) for name, width in widths.items()}
            shown: dict[str, int | None] = {**dict.fromkeys(names, int(asking)), **payload}
            if any(inputs.get(answer) for answer in ("ready", "ack", "err")):
                asking = False
            return shown

        return respond

    return start


def apb_master(rng: random.Random) -> Respond:
    """A master that goes from idle to setup to access and stays there until ready."""
    phase = "idle"
    write = address = 0

    def respond(inputs: Mapping[str, int]) -> dict[str, int | None]:
        nonlocal phase, write, address
        if phase == "setup":
            phase = "access"
        elif phase == "idle" and rng.random() < 0.7:
            phase, write, address = "setup", rng.getrandbits(1), rng.randrange(8) * 4
        shown: dict[str, int | None] = {"sel": int(phase != "idle"), "enable": int(phase == "access"), "write": write}
        shown |= {"addr": address, "wdata": address * 3, "strb": 15}
        if phase == "access" and inputs["ready"]:
            phase = "idle"
        return shown

    return respond


def axi_lite_master(rng: random.Random) -> Respond:
    """A master that holds its valids until ready; address before data, data before address."""
    valid = {"aw": False, "w": False, "ar": False}
    address = 0

    def respond(inputs: Mapping[str, int]) -> dict[str, int | None]:
        nonlocal address
        address = address if valid["ar"] else rng.randrange(16) * 4
        for channel in valid:
            valid[channel] = valid[channel] or rng.random() < 0.4
        shown: dict[str, int | None] = {f"{channel}valid": int(level) for channel, level in valid.items()}
        shown |= {"awaddr": 4, "wdata": 9, "wstrb": 15, "araddr": address, "bready": rng.getrandbits(1)}
        shown["rready"] = rng.getrandbits(1)
        for channel in valid:
            valid[channel] = valid[channel] and not inputs[f"{channel}ready"]
        return shown

    return respond


def spi_master(rng: random.Random) -> Respond:
    """A master with a clock of four cycles a period, mode 0, that deselects now and then."""
    tick = 0

    def respond(inputs: Mapping[str, int]) -> dict[str, int | None]:
        nonlocal tick
        tick += 1
        selected = tick % 80 >= 8
        return {"cs_n": int(not selected), "sclk": int(selected and tick % 4 >= 2)}

    return respond


_MASTER = {"addr_width": 8, "data_width": 32, "addresses": [0, 4, 8]}
_BUS_KEYS = ("awvalid", "awaddr", "awprot", "wvalid", "wdata", "wstrb", "bready", "arvalid", "araddr", "arprot")

EXAMPLES: Mapping[str, Example] = {
    "Values": Example(ports=("a", "b"), options={"widths": [8, 5]}),
    "Configuration": Example(ports=("period", "duty"), options={"widths": [8, 8]}),
    "Bits": Example(ports=("x", "y")),
    "Pulses": Example(ports=("go",)),
    "Selection": Example(ports=("op",), options={"width": 4, "values": [1, 2, 4, 8]}),
    "AddressLines": Example(ports=("raddr", "waddr"), options={"width": 6}),
    "StreamSource": Example(
        ports=("valid", "ready", "data", "last", "keep", "id"),
        options={"data_width": 16, "keep_width": 2, "id_width": 3},
        responder=randomly(ready=0.5),
    ),
    "StreamSink": Example(ports=("ready", "valid"), responder=randomly(valid=0.5)),
    "FifoPush": Example(
        ports=("en", "data", "full", "pop", "empty"), options={"data_width": 8, "depth": 4}, responder=fifo(4)
    ),
    "FifoPop": Example(ports=("en", "empty", "push", "full"), responder=fifo(4)),
    "Operation": Example(
        ports=("start", "a", "b", "done", "busy"),
        options={"a_width": 8, "b_width": 8, "cycles": 6},
        responder=operation(5),
    ),
    "ApbMaster": Example(
        ports=("sel", "enable", "write", "addr", "wdata", "strb", "prot", "ready", "rdata"),
        options=_MASTER,
        responder=randomly(ready=0.4),
    ),
    "AxiLiteMaster": Example(
        ports=(*_BUS_KEYS, "rready", "awready", "wready", "bvalid", "arready", "rvalid", "rdata"),
        options=_MASTER,
        responder=axi_lite_slave,
    ),
    "WishboneMaster": Example(
        ports=("cyc", "stb", "we", "adr", "dat_w", "sel", "ack", "err"),
        options={**_MASTER, "sel_width": 4, "step": 4},
        responder=wishbone_slave,
    ),
    "Requester": Example(
        ports=("req", "gnt"), options={"width": 4}, responder=lambda rng: lambda i: {"gnt": i["req"] & -i["req"]}
    ),
    "UartLine": Example(ports=("line",), options={"bit_cycles": 8, "parity": 1}),
    "SpiSubordinate": Example(ports=("miso", "sclk", "cs_n"), responder=spi_master),
    "Instructions": Example(ports=("word",)),
    "InstructionSource": Example(
        ports=("valid", "ready", "insn", "rs1"),
        options={"instruction": "insn", "insn_width": 32, "rs1_width": 32},
        responder=randomly(ready=0.5),
    ),
    "MemoryResponder": Example(
        ports=("valid", "ready", "addr", "wdata", "wstrb", "rdata"),
        responder=requests("valid", addr=6, wdata=32, wstrb=4),
    ),
    "ApbTarget": Example(
        ports=("sel", "enable", "write", "addr", "wdata", "strb", "ready", "rdata", "slverr"), responder=apb_master
    ),
    "WishboneTarget": Example(
        ports=("cyc", "stb", "we", "adr", "dat_w", "sel", "ack", "err", "dat_r"),
        responder=requests("cyc", "stb", we=1, adr=6, dat_w=32, sel=4),
    ),
    "AxiLiteTarget": Example(
        ports=(*_BUS_KEYS, "rready", "awready", "wready", "bvalid", "bresp", "arready", "rvalid", "rdata", "rresp"),
        responder=axi_lite_master,
    ),
}
"""Driver kind to its example."""
