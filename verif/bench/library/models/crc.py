"""Reference model of a CRC over a stream of words."""


class CrcModel:
    """Predict the CRC of the message so far; ``clear`` begins a new message, with this cycle's word if it is valid.

    ``polynomial`` has the top term left out; ``reflect_in`` takes each word least significant bit first;
    ``reflect_out`` mirrors the result before ``final_xor`` is applied.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        reset: tuple[str, int, bool] | None,
        width: int,
        data_width: int,
        polynomial: int,
        initial: int,
        reflect_in: bool,
        reflect_out: bool,
        final_xor: int,
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.width = width
        self.data_width = data_width
        self.polynomial = polynomial
        self.initial = initial
        self.reflect_in = reflect_in
        self.reflect_out = reflect_out
        self.final_xor = final_xor
        self.reset()

    def reset(self) -> None:
        """Begin with the empty message."""
        self.register = self.initial

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs: dict[str, int | None] = {self.ports["crc"]: self._result()}
        if active or ("clear" in self.ports and inputs[self.ports["clear"]]):
            self.reset()
        if not active and ("valid" not in self.ports or inputs[self.ports["valid"]]):
            self._append(inputs[self.ports["data"]])
        return outputs

    def _result(self) -> int:
        value = self.register
        if self.reflect_out:
            value = int(f"{value:0{self.width}b}"[::-1], 2)
        return value ^ self.final_xor

    def _append(self, word: int) -> None:
        order = range(self.data_width)
        for index in order if self.reflect_in else reversed(order):
            feedback = self.register >> (self.width - 1) ^ (word >> index & 1)
            self.register = self.register << 1 & ((1 << self.width) - 1)
            if feedback:
                self.register ^= self.polynomial
