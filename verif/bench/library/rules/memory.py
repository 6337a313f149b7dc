"""The rule that a memory gives back what was written to it."""


class MemoryRule:
    """Each read port shows the word last written to its address, at once or after ``latency`` clock edges.

    ``reads`` maps each data output to its address and its enable (empty: always read). ``latencies`` are those that
    the specification allows, one of which must fit each port for the whole run; 0 is a combinational read. What a read
    of the address that is being written shows is told by ``collision``: "old", "new", "keep" (the output stays), or
    empty for any of them. ``zero`` is an address that always reads 0, ``unsure`` one that may read anything, and
    ``cleared`` tells that reset clears all words. Words that weren't written may be anything.
    """

    def __init__(
        self,
        *,
        writes: list[tuple[str, str, str]],
        reads: dict[str, tuple[str, str]],
        latencies: list[int],
        words: int,
        collision: str = "",
        zero: int | None = None,
        unsure: int | None = None,
        cleared: bool = False,
    ) -> None:
        self.writes = writes
        self.reads = reads
        self.latencies = {port: list(latencies) for port in reads}
        self.words = words
        self.collision = collision
        self.zero = zero
        self.unsure = unsure
        self.cleared = cleared
        self.memory: dict[int, int] = {}
        self.reset()

    def reset(self) -> None:
        """Forget what was read, and the words where reset may change them."""
        self.memory = {}
        self.known = self.cleared
        self.shown: dict[str, list[set[int] | None]] = {port: [None, None] for port in self.reads}

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        message = None
        for port in self.reads:
            message = message or self._compare(port, inputs, outputs[port])
        for port in self.reads:
            self._edge(port, inputs, outputs[port])
        for enable, address, data in self.writes:
            if (not enable or inputs[enable]) and inputs[address] < self.words:
                self.memory[inputs[address]] = inputs[data]
        return message

    def _compare(self, port: str, inputs: dict[str, int], seen: int | None) -> str | None:
        if seen is None:
            return None
        expected = {0: self._read(port, inputs, at_once=True), 1: self.shown[port][0], 2: self.shown[port][1]}
        fitting = [n for n in self.latencies[port] if expected[n] is None or seen in (expected[n] or ())]
        if not fitting:
            told = " or ".join(hex(value) for value in sorted(expected[self.latencies[port][0]] or ()))
            return f"{port} is {seen:#x}, expected {told}"
        self.latencies[port] = fitting
        return None

    def _edge(self, port: str, inputs: dict[str, int], seen: int | None) -> None:
        enable = self.reads[port][1]
        before = None if seen is None else {seen}
        found = self._read(port, inputs, at_once=False, before=before) if not enable or inputs[enable] else None
        self.shown[port] = [found, self.shown[port][0]]

    def _read(
        self, port: str, inputs: dict[str, int], *, at_once: bool, before: set[int] | None = None
    ) -> set[int] | None:
        """Return the values that a read may give, None for any."""
        address, enable = self.reads[port]
        idle = at_once and enable and not inputs[enable]
        if idle or inputs[address] >= self.words or inputs[address] == self.unsure:
            return None
        if inputs[address] == self.zero:
            return {0}
        word = self.memory.get(inputs[address], 0 if self.known else None)
        old = None if word is None else {word}
        written = {
            inputs[data]
            for write, target, data in self.writes
            if (not write or inputs[write]) and inputs[target] == inputs[address]
        }
        if not written:
            return old
        if at_once:
            return None if old is None else old | written
        taken = {"old": old, "new": written, "keep": before}
        if self.collision:
            return taken[self.collision]
        return None if old is None or before is None else old | written | before
