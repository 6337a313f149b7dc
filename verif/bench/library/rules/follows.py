"""The rule that an output is what the specification computes from other ports."""

from collections.abc import Callable

Look = Callable[[dict[str, int]], int | None]


class FollowsRule:
    """The output is what one of the ``cases`` says whose condition holds, in the same cycle or some cycles later.

    ``cases`` pairs a condition with a value (None: anything); where no condition holds the output may be anything.
    Where the specification leaves the number of cycles open several ``delays`` are given, and the output must follow
    one of them for the whole run.
    """

    def __init__(self, *, output: str, width: int, cases: list[tuple[Look, Look]], delays: list[int]) -> None:
        self.output = output
        self.mask = (1 << width) - 1
        self.cases = cases
        self.delays = list(delays)
        self.reset()

    def reset(self) -> None:
        """Forget the ports; what was found about the delay stays."""
        self.expected: list[set[int] | None] = []

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        known = {name: value for name, value in outputs.items() if value is not None}
        self.expected = [self._taken({**inputs, **known}), *self.expected[: max(self.delays)]]
        seen = outputs[self.output]
        if seen is None:
            return None
        fitting = [delay for delay in self.delays if self._fits(delay, seen)]
        if not fitting:
            told = " or ".join(hex(value) for value in sorted(self.expected[self.delays[0]] or ()))
            return f"{self.output} is {seen:#x}, expected {told}"
        self.delays = fitting
        return None

    def _fits(self, delay: int, seen: int) -> bool:
        expected = self.expected[delay] if delay < len(self.expected) else None
        return expected is None or seen in expected

    def _taken(self, ports: dict[str, int]) -> set[int] | None:
        """Return the values that the output may have, None for any."""
        try:
            found = [value(ports) for condition, value in self.cases if condition(ports)]
        except KeyError:
            return None
        values = {value & self.mask for value in found if value is not None}
        return values if values and None not in found else None
