"""Reference model of a register file behind an AXI4-Lite target."""


class AxiLiteRegsModel:
    """Predict all channels, the registers' outputs and the interrupt, cycle by cycle.

    ``registers`` maps a word address to (access, value after reset or the input that it shows): "RO", "RW", or "W1C"
    for flags that the input ``event_in`` sets and a 1 written to them clears. One address and one data word of a
    write are held until it is executed; a read is answered in the next cycle. ``control`` and ``flags`` are the
    addresses of the register that goes to ``control_out`` and of the flags; ``irq`` is 1 while a flag and its bit in
    control are.
    """

    OKAY = 0
    SLVERR = 2

    def __init__(
        self,
        *,
        ports: dict[str, str],
        reset: tuple[str, int, bool] | None,
        registers: dict[int, tuple[str, int | str]],
        control: int,
        flags: int,
        flag_bits: int,
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.registers = registers
        self.control = control
        self.flags = flags
        self.flag_mask = (1 << flag_bits) - 1
        self.reset()

    def reset(self) -> None:
        """Set all registers to their reset values and drop what is held."""
        self.values = {address: value for address, (_, value) in self.registers.items() if isinstance(value, int)}
        self.address: int | None = None
        self.data: tuple[int, int] | None = None
        self.write_response: int | None = None
        self.read_response: tuple[int, int] | None = None

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        outputs = {self.ports[signal]: value for signal, value in self._outputs().items()}
        if active:
            self.reset()
        else:
            seen = {signal: inputs[port] for signal, port in self.ports.items() if port in inputs}
            self._read(seen)
            self._write(seen)
        return outputs

    def _outputs(self) -> dict[str, int | None]:
        data, response = self.read_response or (None, None)
        return {
            "awready": int(self.address is None),
            "wready": int(self.data is None),
            "bvalid": int(self.write_response is not None),
            "bresp": self.write_response,
            "arready": int(self.read_response is None),
            "rvalid": int(self.read_response is not None),
            "rdata": data,
            "rresp": response,
            "control_out": self.values[self.control],
            "irq": int(self.values[self.control] & self.values[self.flags] != 0),
        }

    def _read(self, seen: dict[str, int]) -> None:
        if self.read_response is not None:
            if seen["rready"]:
                self.read_response = None
        elif seen["arvalid"]:
            address = seen["araddr"] & ~3
            access, source = self.registers.get(address, ("", 0))
            value = seen[source] if isinstance(source, str) else self.values.get(address, 0)
            self.read_response = (value, self.OKAY if access else self.SLVERR)

    def _write(self, seen: dict[str, int]) -> None:
        """Execute the held write if its response finds room, set the flags, then take what is offered."""
        executes = None not in (self.address, self.data) and (self.write_response is None or seen["bready"])
        takes_address, takes_data = self.address is None, self.data is None
        cleared = 0
        if executes:
            cleared = self._execute()
        elif seen["bready"]:
            self.write_response = None
        flags = self.values[self.flags] & ~cleared | seen["event_in"]
        self.values[self.flags] = flags & self.flag_mask
        if takes_address and seen["awvalid"]:
            self.address = seen["awaddr"] & ~3
        if takes_data and seen["wvalid"]:
            self.data = (seen["wdata"], seen["wstrb"])

    def _execute(self) -> int:
        """Write the held data to the held address and return the flags that it clears."""
        assert self.address is not None and self.data is not None
        (data, strobes), address = self.data, self.address
        mask = sum(0xFF << 8 * lane for lane in range(4) if strobes >> lane & 1)
        access = self.registers.get(address, ("", 0))[0]
        if access == "RW":
            self.values[address] = self.values[address] & ~mask | data & mask
        self.address = self.data = None
        self.write_response = self.OKAY if access else self.SLVERR
        return data & mask if access == "W1C" else 0
