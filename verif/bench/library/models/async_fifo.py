"""Reference model of a FIFO between two clocks."""


class AsyncFifoModel:
    """Predict flags and read data; each side sees the other's count through a chain of ``stages`` registers.

    The oldest word is on ``rd_data`` while ``empty`` is 0, and ``idle_data`` (None: anything) while it is 1. A write
    while full and a read while empty do nothing. Each reset clears its side at once.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        wr_reset: tuple[str, int, bool],
        rd_reset: tuple[str, int, bool],
        depth: int,
        stages: int = 2,
        idle_data: int | None = None,
    ) -> None:
        self.ports = ports
        self.wr_reset = wr_reset
        self.rd_reset = rd_reset
        self.depth = depth
        self.stages = stages
        self.idle_data = idle_data
        self.reset()

    def reset(self) -> None:
        """Empty the FIFO."""
        self.words: list[int | None] = [None] * self.depth
        self._reset_write_side()
        self._reset_read_side()

    def _reset_write_side(self) -> None:
        self.written = 0
        self.reads_seen = [0] * self.stages

    def _reset_read_side(self) -> None:
        self.read = 0
        self.writes_seen = [0] * self.stages

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this tick, then take the edge of the clock that ticks."""
        wr_active = inputs[self.wr_reset[0]] == self.wr_reset[1]
        rd_active = inputs[self.rd_reset[0]] == self.rd_reset[1]
        if wr_active:
            self._reset_write_side()
        if rd_active:
            self._reset_read_side()
        full = self.written - self.reads_seen[-1] == self.depth
        empty = self.read == self.writes_seen[-1]
        shown = self.idle_data if empty else self.words[self.read % self.depth]
        if inputs[self.ports["wr_clk"]] and not wr_active:
            self.reads_seen = [self.read, *self.reads_seen[:-1]]
            if inputs[self.ports["wr_en"]] and not full:
                self.words[self.written % self.depth] = inputs[self.ports["wr_data"]]
                self.written += 1
        if inputs[self.ports["rd_clk"]] and not rd_active:
            self.writes_seen = [self.written, *self.writes_seen[:-1]]
            if inputs[self.ports["rd_en"]] and not empty:
                self.read += 1
        return {self.ports["full"]: int(full), self.ports["empty"]: int(empty), self.ports["rd_data"]: shown}
