"""The rule that a register at an output changes as the specification says."""

from collections.abc import Callable

Look = Callable[[dict[str, int]], int | None]


class RegisterRule:
    """The output changes at a clock edge as one of the ``changes`` says whose condition held, and else keeps its value.

    ``changes`` pairs a condition with the new value (None: anything); ``others`` are further readings of the same.
    Where several conditions hold, each of their values is taken. ``start`` is the value after reset, None where it
    isn't told; it is compared where the inputs ``idle`` are 0. The inputs act at once or, where ``lags`` has 1, through
    a register. One reading and one lag must fit for the whole run.
    """

    def __init__(
        self,
        *,
        output: str,
        width: int,
        changes: list[tuple[Look, Look]],
        others: list[list[tuple[Look, Look]]] | None = None,
        start: int | None = None,
        idle: tuple[str, ...] = (),
        lags: tuple[int, ...] = (0, 1),
    ) -> None:
        self.output = output
        self.mask = (1 << width) - 1
        self.ways = [(way, lag) for way in (changes, *(others or [])) for lag in lags]
        self.start = start
        self.idle = idle
        self.was_reset = False
        self.reset()

    def reset(self) -> None:
        """Begin after a reset; what was found about the lag stays."""
        self.cycles = 0
        self.before: list[dict[str, int]] = []
        self.value: int | None = None

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        seen = outputs[self.output]
        message = self._compared(seen, any(inputs[port] for port in self.idle))
        known = {name: value for name, value in outputs.items() if value is not None}
        self.before = [{**inputs, **known}, *self.before[:1]]
        self.value = seen
        self.cycles += 1
        return message

    def _compared(self, seen: int | None, busy: bool) -> str | None:
        if self.cycles == 0:
            if self.start is None or seen == self.start or busy:
                return None
            return f"{self.output} is {'unknown' if seen is None else hex(seen)} after reset, expected {self.start:#x}"
        if seen is None or self.value is None:
            return None
        taken = [self._taken(changes, lag) for changes, lag in self.ways]
        fitting = [way for way, values in zip(self.ways, taken, strict=True) if values is None or seen in values]
        if not fitting:
            told = " or ".join(hex(value) for value in sorted(taken[0] or ()))
            return f"{self.output} is {seen:#x} after {self.value:#x}, expected {told}"
        self.ways = fitting
        return None

    def _taken(self, changes: list[tuple[Look, Look]], lag: int) -> set[int] | None:
        """Return the values that the output may have now, None for any."""
        if lag >= len(self.before) or self.value is None:
            return None
        ports = {**self.before[lag], self.output: self.value}
        try:
            found = [value(ports) for condition, value in changes if condition(ports)] or [self.value]
        except KeyError:
            return None
        if None in found:
            return None
        settling = {self.start} if self.start is not None and self.cycles <= 3 else set()
        return {value & self.mask for value in [*found, *settling] if value is not None}
