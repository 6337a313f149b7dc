"""Reference model of a RAM behind a Wishbone classic target."""


class WishboneRamModel:
    """Predict acknowledge and read data: each access is acknowledged in the next cycle, for one cycle.

    Read data changes with the acknowledge of a read only. Bytes that were not written yet are not known: the words
    outlive a reset, and so a test.
    """

    def __init__(self, *, ports: dict[str, str], reset: tuple[str, int, bool] | None, lanes: int) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.lanes = lanes
        self.words: dict[int, list[int | None]] = {}
        self.reset()

    def reset(self) -> None:
        """Clear the outputs; the words stay."""
        self.ack = 0
        self.read_data: int | None = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs = {self.ports["ack"]: self.ack, self.ports["dat_o"]: self.read_data}
        if active:
            self.reset()
        else:
            accepted = inputs[self.ports["cyc"]] and inputs[self.ports["stb"]] and not self.ack
            self.ack = int(bool(accepted))
            if accepted:
                self._access(inputs)
        return outputs

    def _access(self, inputs: dict[str, int]) -> None:
        word = self.words.setdefault(inputs[self.ports["adr"]], [None] * self.lanes)
        if not inputs[self.ports["we"]]:
            known = [lane for lane in word if lane is not None]
            self.read_data = int.from_bytes(known, "little") if len(known) == self.lanes else None
            return
        for lane in range(self.lanes):
            if "sel" not in self.ports or inputs[self.ports["sel"]] >> lane & 1:
                word[lane] = inputs[self.ports["dat_i"]] >> 8 * lane & 0xFF
