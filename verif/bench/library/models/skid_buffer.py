"""Reference model of a registered two-beat stream buffer."""

from collections import deque


class SkidBufferModel:
    """Predict both handshakes and the payload of a register slice that holds up to two beats.

    All outputs come from registers: a beat that enters an empty buffer is offered in the next cycle, and the buffer
    is ready while it holds fewer than two. With ``ready_after_reset`` False it is not ready in the first cycle after
    an edge in reset. ``payload`` pairs each input of the sink side with the output of the source side.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        payload: list[tuple[str, str]],
        reset: tuple[str, int, bool] | None,
        ready_after_reset: bool = True,
        capacity: int = 2,
    ) -> None:
        self.ports = ports
        self.payload = payload
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.ready_after_reset = ready_after_reset
        self.capacity = capacity
        self.reset()

    def reset(self) -> None:
        """Drop all beats."""
        self.beats: deque[list[int]] = deque()
        self.ready = int(self.ready_after_reset)

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs: dict[str, int | None] = {
            self.ports["in_ready"]: self.ready,
            self.ports["out_valid"]: int(len(self.beats) > 0),
        }
        for index, (_, port) in enumerate(self.payload):
            outputs[port] = self.beats[0][index] if self.beats else None
        if active:
            self.reset()
        else:
            self._edge(inputs)
        return outputs

    def _edge(self, inputs: dict[str, int]) -> None:
        takes = self.ready and inputs[self.ports["in_valid"]]
        if self.beats and inputs[self.ports["out_ready"]]:
            self.beats.popleft()
        if takes:
            self.beats.append([inputs[port] for port, _ in self.payload])
        self.ready = int(len(self.beats) < self.capacity)
