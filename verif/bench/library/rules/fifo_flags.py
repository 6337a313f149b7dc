"""The rule that a FIFO's flags agree with what went in and out."""


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
