"""What sync_fifo is judged by.

A reference model of kind sync_fifo predicts the outputs cycle by cycle. Rules are observed in every cycle. Standard
library only.
"""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple


class Check(NamedTuple):
    """Something that judges the design, and where its expectation comes from."""

    oracle: str
    """SPEC, PROTOCOL or GENERIC."""
    id: str
    requirements: tuple[str, ...]
    """Ids of the specification's requirements that it checks."""
    judge: Any
    """A model predicts with ``step(inputs)``, a rule tells with ``observe(inputs, outputs)`` what is broken."""


class SyncFifoModel:
    """Predict flags, occupancy and read data of a FIFO with one clock, cycle by cycle.

    A write while full and a read while empty do nothing. With ``show_ahead`` the oldest word is on ``rd_data``
    whenever the FIFO is not empty, and ``idle_data`` (None: anything) while it is empty; without it, a read puts the
    word on ``rd_data`` from the next cycle on, until the next read.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        reset: tuple[str, int, bool] | None,
        depth: int,
        width: int,
        show_ahead: bool,
        idle_data: int | None = None,
        almost_full: int | None = None,
        almost_empty: int | None = None,
        write_when_full_and_read: bool = False,
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.depth = depth
        self.mask = (1 << width) - 1
        self.show_ahead = show_ahead
        self.idle_data = idle_data
        self.almost_full = almost_full
        self.almost_empty = almost_empty
        self.write_when_full_and_read = write_when_full_and_read
        self.reset()

    def reset(self) -> None:
        """Empty the FIFO; what is read before the first write is not defined."""
        self.words: deque[int] = deque()
        self.last_read: int | None = None
        self.overflow = 0
        self.underflow = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs = {self.ports[name]: value for name, value in self._outputs().items() if name in self.ports}
        if active:
            self.reset()
        else:
            self._edge(inputs)
        return outputs

    def _outputs(self) -> dict[str, int | None]:
        level = len(self.words)
        ahead = self.words[0] if self.words else self.idle_data
        outputs: dict[str, int | None] = {
            "full": int(level == self.depth),
            "empty": int(level == 0),
            "level": level,
            "free": self.depth - level,
            "rd_data": ahead if self.show_ahead else self.last_read,
            "valid": int(level > 0),
            "ready": int(level < self.depth),
            "overflow": self.overflow,
            "underflow": self.underflow,
        }
        if self.almost_full is not None:
            outputs["almost_full"] = int(level >= self.almost_full)
        if self.almost_empty is not None:
            outputs["almost_empty"] = int(level <= self.almost_empty)
        return outputs

    def _edge(self, inputs: dict[str, int]) -> None:
        write = inputs[self.ports["wr_en"]]
        read = inputs[self.ports["rd_en"]]
        pops = read and len(self.words) > 0
        room = len(self.words) < self.depth or (pops and self.write_when_full_and_read)
        self.overflow = int(bool(write) and not room)
        self.underflow = int(bool(read) and not pops)
        if pops:
            self.last_read = self.words.popleft()
        if write and room:
            self.words.append(inputs[self.ports["wr_data"]] & self.mask)


class FifoFlagsRule:
    """Never full and empty at once; empty whenever all words were read; full whenever ``depth`` words are inside.

    Many FIFOs say full in reset and for some cycles after it, so full and empty at once is judged once full was 0; on
    two clocks it isn't judged, since full falls late there and a fast reader may have read everything by then.
    A write is accepted in a cycle with ``wr_en`` and without ``full``, a read with ``rd_en`` and without ``empty``.
    What a write into a full FIFO along with a read does, and a read from an empty one along with a write, differs
    between FIFOs: the rule counts no further after one, until the next reset. ``depth`` 0 means not known.
    On one clock an empty FIFO may show the word that is being written, and a full one may take one while it is read.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        wr_clock: str,
        rd_clock: str,
        resets: list[tuple[str, int, bool]],
        depth: int = 0,
    ) -> None:
        self.ports = ports
        self.wr_clock = wr_clock
        self.rd_clock = rd_clock
        self.resets = resets
        self.depth = depth
        self.reset()

    def reset(self) -> None:
        """Start to count from empty."""
        self.inside = 0
        self.counting = bool(self.resets)
        self.was_open = False

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if any(inputs[port] == level for port, level, _ in self.resets):
            self.reset()
            return None
        full, empty = outputs[self.ports["full"]], outputs[self.ports["empty"]]
        if full is None or empty is None:
            return None
        if full and empty and self.was_open and self.wr_clock == self.rd_clock:
            return f"{self.ports['full']} and {self.ports['empty']} are 1 at once"
        self.was_open = self.was_open or not full
        asks_write = inputs[self.ports["wr_en"]] and inputs[self.wr_clock]
        asks_read = inputs[self.ports["rd_en"]] and inputs[self.rd_clock]
        write, read = bool(asks_write and not full), bool(asks_read and not empty)
        message = self._mismatch(full, empty, write, read) if self.counting else None
        if asks_write and asks_read and (full or empty):
            self.counting = False
        self.inside += write - read
        return message

    def _mismatch(self, full: int, empty: int, write: bool, read: bool) -> str | None:
        passes = self.wr_clock == self.rd_clock
        if self.inside == 0 and not empty and not (passes and write):
            return f"{self.ports['empty']} is 0, but every word that was written was read"
        if self.depth and self.inside == self.depth and not full and not (passes and read):
            return f"{self.ports['full']} is 0 with {self.depth} words inside"
        return None


def make_model() -> Check:
    """Return the reference model; it predicts full, empty, level, rd_data."""
    # depth 16: parameter DEPTH = 16
    # spec.md:1: read data falls through
    # spec.md:48: rd_data is 0 while empty
    return Check(
        "SPEC",
        "sync-fifo-model",
        ("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9"),
        SyncFifoModel(
            ports={
                "wr_en": "wr_en",
                "rd_en": "rd_en",
                "wr_data": "wr_data",
                "rd_data": "rd_data",
                "full": "full",
                "empty": "empty",
                "level": "level",
            },
            reset=("rst_n", 0, False),
            depth=16,
            width=8,
            show_ahead=True,
            idle_data=0,
        ),
    )


def make_rules() -> list[Check]:
    """Return the rules that are observed in every cycle."""
    return [
        # A FIFO is empty when all words were read, full when no place is left, and never both.
        Check(
            "PROTOCOL",
            "fifo-flags",
            (),
            FifoFlagsRule(
                ports={"wr_en": "wr_en", "rd_en": "rd_en", "full": "full", "empty": "empty"},
                wr_clock="clk",
                rd_clock="clk",
                resets=[("rst_n", 0, False)],
                depth=16,
            ),
        ),
    ]
