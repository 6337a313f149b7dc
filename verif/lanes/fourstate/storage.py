"""Rules for what keeps bits: registers, latches, memories."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from verif.errors import Unsupported
from verif.lanes.fourstate.cells import Cell, Connections, Made
from verif.lanes.fourstate.rails import Net, Nets, knowns, values

Starts = Mapping[Net, str]
"""Net of a register to ``"0"`` or ``"1"``, where it has a start value."""

REGISTERS = ("$dff", "$adff", "$aldff", "$dlatch")
MEMORY = "$mem_v2"


def doubled_register(cell: Cell, name: Callable[[list[Net]], None]) -> Iterator[Made]:
    """Give the registers of value and known bits of a flip-flop or latch; ``name`` is told the known bits' nets.

    Unsupported PE825 for other kinds of them.
    """
    if cell.kind == "$dff":
        yield cell.native()
        kept = knowns(cell.connections["Q"])
        name(kept)
        yield cell.native(D=knowns(cell.connections["D"]), Q=kept)
    elif cell.kind in ("$adff", "$aldff"):
        yield from _loaded(cell, name)
    elif cell.kind == "$dlatch":
        yield from _latched(cell, name)
    else:
        raise Unsupported("PE825", f"four states have no rule for {cell.kind.strip('$')}, which {cell.name} is")


def _loaded(cell: Cell, name: Callable[[list[Net]], None]) -> Iterator[Made]:
    yield cell.native()
    width = len(cell.connections["Q"])
    port, polarity = ("ARST", "ARST_POLARITY") if cell.kind == "$adff" else ("ALOAD", "ALOAD_POLARITY")
    load, kept, following = cell.fresh(1), cell.fresh(width), cell.fresh(width)
    yield from _level(cell, port, polarity, load)
    active = values(cell.fresh(1))
    name(values(kept))
    yield Made(
        kind="rule_loaded",
        parameters={"WIDTH": width},
        connections={
            "LOAD": values(load),
            "LOADK": knowns(load),
            "DK": knowns(cell.connections["D"]),
            "QK": values(kept),
            "ACTIVE": active,
            "NEXT": values(following),
            "YK": knowns(cell.connections["Q"]),
        },
    )
    loaded = knowns(cell.connections["AD"]) if cell.kind == "$aldff" else _known_text(cell.parameters["ARST_VALUE"])
    yield Made(
        kind="$aldff",
        parameters={"WIDTH": width, "CLK_POLARITY": cell.number("CLK_POLARITY"), "ALOAD_POLARITY": 1},
        connections={
            "CLK": values(cell.connections["CLK"]),
            "ALOAD": active,
            "AD": loaded,
            "D": values(following),
            "Q": values(kept),
        },
    )


def _latched(cell: Cell, name: Callable[[list[Net]], None]) -> Iterator[Made]:
    yield cell.native()
    width = len(cell.connections["Q"])
    enable, following, active = cell.fresh(1), cell.fresh(width), values(cell.fresh(1))
    yield from _level(cell, "EN", "EN_POLARITY", enable)
    yield Made(
        kind="rule_latched",
        parameters={"WIDTH": width},
        connections={
            "EN": values(enable),
            "ENK": knowns(enable),
            "DK": knowns(cell.connections["D"]),
            "ACTIVE": active,
            "NEXT": values(following),
        },
    )
    kept = knowns(cell.connections["Q"])
    name(kept)
    yield Made(
        kind="$dlatch",
        parameters={"WIDTH": width, "EN_POLARITY": 1},
        connections={"EN": active, "D": values(following), "Q": kept},
    )


def _level(cell: Cell, port: str, polarity: str, into: Nets) -> Iterator[Made]:
    """Give a port's net as active high."""
    inverted = not cell.flag(polarity)
    for side in (values, knowns):
        yield Made(
            kind="$not" if inverted and side is values else "$pos",
            parameters={"A_SIGNED": 0, "A_WIDTH": 1, "Y_WIDTH": 1},
            connections={"A": side(cell.connections[port]), "Y": side(into)},
        )


def _known_text(text: str) -> list[Net]:
    """Return which bits of a constant are known, lowest first."""
    return ["1" if sign in "01" else "0" for sign in reversed(text)]


class Ports:
    """The numbers and ports of a memory."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.name = str(cell.parameters["MEMID"]).removeprefix("\\")
        self.width, self.words, self.offset = (cell.number(key) for key in ("WIDTH", "SIZE", "OFFSET"))
        self.abits, self.reads, self.writes = (cell.number(key) for key in ("ABITS", "RD_PORTS", "WR_PORTS"))
        if self.reads and "1" in cell.parameters["RD_CLK_ENABLE"]:
            raise Unsupported("PE825", f"four states take no memory that is read at an edge, as {self.name} is")

    @property
    def bits(self) -> int:
        """How many bits it holds."""
        return self.width * self.words

    @property
    def start(self) -> str:
        """What it begins with, highest bit first, ``x`` where nothing is given."""
        text = str(self.cell.parameters["INIT"])
        return text.zfill(self.bits) if set(text) <= {"0", "1"} else text.rjust(self.bits, "x")[-self.bits :]

    @property
    def clocks(self) -> list[tuple[Net, int]]:
        """Clock and edge of each write port."""
        if not self.writes:
            return []
        enabled = self.cell.parameters["WR_CLK_ENABLE"][::-1]
        rising = self.cell.parameters["WR_CLK_POLARITY"][::-1]
        if "0" in enabled[: self.writes]:
            raise Unsupported("PE825", f"four states take no memory that is written without a clock, as {self.name} is")
        nets = self.cell.connections["WR_CLK"]
        return [(nets[port], int(rising[port] == "1")) for port in range(self.writes)]

    def lane(self, port: str, number: int, width: int) -> list[Net]:
        """Return the nets of one of several ports."""
        return list(self.cell.connections[port][number * width : (number + 1) * width])


def doubled_memory(cell: Cell, *, small: Callable[[Ports], bool]) -> Iterator[Made]:
    """Give registers for a ``small`` memory, else a memory of twice the width; Unsupported PE825 for odd ports."""
    ports = Ports(cell)
    if small(ports) and len(set(ports.clocks)) <= 1:
        yield _as_registers(ports)
    else:
        yield from _as_array(ports)


def _as_registers(ports: Ports) -> Made:
    cell, start = ports.cell, ports.start
    connections: Connections = {}
    for mine, theirs, there in (("RA", "RD_ADDR", ports.reads), ("RD", "RD_DATA", ports.reads)):
        if there:
            connections |= {mine: values(cell.connections[theirs]), f"{mine}K": knowns(cell.connections[theirs])}
    for mine, theirs in (("WA", "WR_ADDR"), ("WD", "WR_DATA"), ("WE", "WR_EN")):
        if ports.writes:
            connections |= {mine: values(cell.connections[theirs]), f"{mine}K": knowns(cell.connections[theirs])}
    clock, rising = ports.clocks[0] if ports.clocks else ("0", 1)
    connections["CLK"] = values([clock])
    return Made(
        kind="rule_registers",
        parameters={
            "WIDTH": ports.width,
            "WORDS": ports.words,
            "OFFSET": ports.offset,
            "ABITS": ports.abits,
            "READS": ports.reads,
            "WRITES": ports.writes,
            "EDGE": rising,
            "START": start.replace("x", "0"),
            "STARTK": "".join("1" if sign in "01" else "0" for sign in start),
        },
        connections=connections,
    )


def _as_array(ports: Ports) -> Iterator[Made]:
    cell, width, abits = ports.cell, ports.width, ports.abits
    holds, spoilt = values(cell.fresh(1)), values(cell.fresh(1))
    connections: Connections = {port: list(nets) for port, nets in cell.connections.items() if port[:2] in ("RD", "WR")}
    for port in ("RD_CLK", "RD_EN", "RD_ARST", "RD_SRST", "RD_ADDR", "WR_CLK", "WR_ADDR"):
        connections[port] = values(cell.connections[port])
    doubled: Connections = {"RD_DATA": [], "WR_DATA": [], "WR_EN": []}
    for number in range(ports.reads):
        data, read = ports.lane("RD_DATA", number, width), cell.fresh(width)
        doubled["RD_DATA"] += [*values(data), *values(read)]
        yield Made(
            kind="rule_array_read",
            parameters={"WIDTH": width, "ABITS": abits},
            connections={
                "RAK": knowns(ports.lane("RD_ADDR", number, abits)),
                "QK": values(read),
                "SPOILT": spoilt,
                "RDK": knowns(data),
            },
        )
    flags: Connections = {"holding": [], "spoilt": []}
    for number, (clock, rising) in enumerate(ports.clocks):
        known, enabled = values(cell.fresh(width)), values(cell.fresh(width))
        enables, data = ports.lane("WR_EN", number, width), ports.lane("WR_DATA", number, width)
        address = knowns(ports.lane("WR_ADDR", number, abits))
        asked: Connections = {"WAK": address, "WE": values(enables), "WEK": knowns(enables)}
        yield Made(
            kind="rule_array_write",
            parameters={"WIDTH": width, "ABITS": abits},
            connections={**asked, "WDK": knowns(data), "DK": known, "EN": enabled},
        )
        doubled["WR_DATA"] += [*values(data), *known]
        doubled["WR_EN"] += [*enabled, *enabled]
        holding, spoils = values(cell.fresh(1)), values(cell.fresh(1))
        flags["holding"] += holding
        flags["spoilt"] += spoils
        yield Made(
            kind="rule_array",
            parameters={"WIDTH": width, "ABITS": abits, "EDGE": rising},
            connections={
                **asked,
                "CLK": values([clock]),
                "HOLDS": holds,
                "HOLDING": holding,
                "SPOILT": spoils,
            },
        )
    given = ["1"] if set(ports.start) & {"0", "1"} else []
    yield _any([*flags["holding"], *given], holds)
    yield _any(flags["spoilt"], spoilt)
    yield Made(
        kind=MEMORY,
        parameters={**cell.parameters, **_wide(ports)},
        connections={**connections, **doubled},
    )


def _wide(ports: Ports) -> dict[str, int | str]:
    """Return the parameters of a memory whose words have their known bits above the values."""
    words, start = [], ports.start
    for word in range(ports.words):
        end = ports.bits - word * ports.width
        text = start[end - ports.width : end]
        known = "".join("1" if sign in "01" else "0" for sign in text)
        words.append(known + text.replace("x", "0"))
    unused = "x" * max(ports.reads * 2 * ports.width, 1)
    return {
        "WIDTH": 2 * ports.width,
        "INIT": "".join(reversed(words)),
        "RD_INIT_VALUE": unused,
        "RD_ARST_VALUE": unused,
        "RD_SRST_VALUE": unused,
    }


def _any(nets: list[Net], result: list[Net]) -> Made:
    nets = nets or ["0"]
    return Made(
        kind="$reduce_or",
        parameters={"A_SIGNED": 0, "A_WIDTH": len(nets), "Y_WIDTH": 1},
        connections={"A": nets, "Y": result},
    )
