"""Reference model of a synchronous FIFO."""

from collections import deque


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
