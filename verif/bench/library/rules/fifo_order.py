"""The rule that words come out of a FIFO as they went in."""

from collections import deque


class FifoOrderRule:
    """Each word that is read is the next one that was written: none lost, none repeated, none invented.

    A write is accepted in a cycle with ``wr_en`` and without ``full``, a read with ``rd_en`` and without ``empty``.
    With ``show_ahead`` the word is on ``rd_data`` in the cycle of the read, without it in the next cycle of
    ``rd_clock``. What a write into a full FIFO along with a read does, and a read from an empty one along with a write,
    differs between FIFOs: nothing is judged after one, until the next reset.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        wr_clock: str,
        rd_clock: str,
        resets: list[tuple[str, int, bool]],
        show_ahead: bool,
    ) -> None:
        self.ports = ports
        self.wr_clock = wr_clock
        self.rd_clock = rd_clock
        self.resets = resets
        self.show_ahead = show_ahead
        self.reset()

    def reset(self) -> None:
        """Start with an empty FIFO."""
        self.words: deque[int] = deque()
        self.read: int | None = None
        self.counting = True

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        if any(inputs[port] == level for port, level, _ in self.resets):
            self.reset()
            return None
        full, empty = outputs[self.ports["full"]], outputs[self.ports["empty"]]
        if full is None or empty is None:
            self.counting = False
        if not self.counting:
            return None
        writes = inputs[self.ports["wr_en"]] and inputs[self.wr_clock]
        reads = inputs[self.ports["rd_en"]] and inputs[self.rd_clock]
        shown = outputs[self.ports["rd_data"]]
        message = self._shown_late(shown) if inputs[self.rd_clock] else None
        if writes and reads and (full or empty):
            self.counting = False
            return message
        if writes and not full:
            self.words.append(inputs[self.ports["wr_data"]])
        if reads and not empty:
            message = self._reads(shown) or message
        return message

    def _shown_late(self, shown: int | None) -> str | None:
        """Compare with the word of the read before."""
        expected, self.read = self.read, None
        return None if expected is None else self._compared(shown, expected)

    def _reads(self, shown: int | None) -> str | None:
        if not self.words:
            return f"{self.ports['rd_en']} reads a word, but every word that was written was read"
        expected = self.words.popleft()
        if self.show_ahead:
            return self._compared(shown, expected)
        self.read = expected
        return None

    def _compared(self, shown: int | None, expected: int) -> str | None:
        if shown == expected:
            return None
        found = "unknown" if shown is None else hex(shown)
        return f"{self.ports['rd_data']} is {found}, the next word that was written is {expected:#x}"
