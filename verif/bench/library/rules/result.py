"""The rule that an operation's result fits its operands."""

from collections.abc import Callable


class ResultRule:
    """When ``done`` rises, or stands in a cycle after ``start``, the results fit operands that were there at the start.

    ``results`` maps an output to what it is computed from the operands (None: anything). Where starts come while an
    operation is under way, the operands of any of them are taken, since it differs which of them counts; operands are
    read with the start or in the cycle after it.
    """

    def __init__(
        self,
        *,
        start: str,
        done: str,
        operands: list[str],
        results: dict[str, Callable[..., int | None]],
        widths: dict[str, int],
    ) -> None:
        self.start = start
        self.done = done
        self.operands = operands
        self.results = results
        self.masks = {port: (1 << width) - 1 for port, width in widths.items()}
        self.reset()

    def reset(self) -> None:
        """Forget what was started."""
        self.started: list[tuple[int, ...]] = []
        self.was_done = 1
        self.follows = False

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        done = outputs[self.done]
        operands = tuple(inputs[port] for port in self.operands)
        message = None
        if done and not self.was_done and self.started:
            message = self._compared(outputs)
            self.started = self.started[-1:]
        if inputs[self.start] or self.follows:
            self.started.append(operands)
        self.follows = bool(inputs[self.start])
        self.was_done = 1 if done is None else done
        return message

    def _compared(self, outputs: dict[str, int | None]) -> str | None:
        for port, compute in self.results.items():
            values = [compute(*operands) for operands in self.started]
            taken = {value & self.masks[port] for value in values if value is not None}
            if None not in values and outputs[port] is not None and outputs[port] not in taken:
                told = " or ".join(hex(value) for value in sorted(taken))
                return f"{port} is {outputs[port]:#x} with {self.done}, expected {told}"
        return None
