"""Reference model of a timer on an APB bus."""


class ApbTimerModel:
    """Predict bus answers and interrupt of a down counter with prescaler, one-shot and periodic mode.

    Registers, at the byte addresses of ``addresses``: CTRL (0 ENABLE, 1 PERIODIC, 2 IRQ_ENABLE), LOAD, VALUE (read
    only), STATUS (0 EXPIRED, cleared by writing 1), PRESCALE. A write to LOAD sets VALUE too and begins a new
    prescaler interval. The target never waits.
    """

    def __init__(
        self,
        *,
        ports: dict[str, str],
        reset: tuple[str, int, bool] | None,
        addresses: dict[str, int],
        width: int,
        prescale_width: int,
    ) -> None:
        self.ports = ports
        self.reset_port, self.reset_level, self.asynchronous = reset or ("", 1, False)
        self.names = {address: name for name, address in addresses.items()}
        self.masks = {
            "CTRL": 7,
            "LOAD": (1 << width) - 1,
            "VALUE": (1 << width) - 1,
            "STATUS": 1,
            "PRESCALE": (1 << prescale_width) - 1,
        }
        self.reset()

    def reset(self) -> None:
        """Clear all registers and the prescaler."""
        self.registers = dict.fromkeys(self.masks, 0)
        self.prescaler = 0

    def step(self, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the outputs of this cycle, then take the clock edge."""
        active = inputs.get(self.reset_port) == self.reset_level
        if active and self.asynchronous:
            self.reset()
        access = inputs[self.ports["psel"]] and inputs[self.ports["penable"]]
        name = self.names.get(inputs[self.ports["paddr"]])
        write = bool(access and inputs[self.ports["pwrite"]])
        read = bool(access and not write)
        values = {
            "prdata": self.registers[name] if read and name else 0,
            "pready": 1,
            "pslverr": int(bool(access) and name is None),
            "irq": int(bool(self.registers["STATUS"] and self.registers["CTRL"] & 4)),
        }
        if active:
            self.reset()
        else:
            self._edge(name if write else None, inputs[self.ports["pwdata"]])
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}

    def _edge(self, written: str | None, data: int) -> None:
        """Count, then write: a write to CTRL or LOAD wins over the counter, an expiry over the clearing of STATUS."""
        registers = self.registers
        enabled = registers["CTRL"] & 1
        tick = enabled and self.prescaler >= registers["PRESCALE"] and written != "LOAD"
        self.prescaler = 0 if tick or not enabled or written == "LOAD" else self.prescaler + 1
        expiry = tick and registers["VALUE"] == 0
        if written == "STATUS":
            registers["STATUS"] &= ~data
        if expiry:
            registers["STATUS"] = 1
            if registers["CTRL"] & 2:
                registers["VALUE"] = registers["LOAD"]
            else:
                registers["CTRL"] &= ~1
        elif tick:
            registers["VALUE"] -= 1
        if written in ("CTRL", "LOAD", "PRESCALE"):
            registers[written] = data & self.masks[written]
        if written == "LOAD":
            registers["VALUE"] = registers["LOAD"]
