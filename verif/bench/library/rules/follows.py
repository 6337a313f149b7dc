"""The rule that an output is what the specification computes from other ports."""

from collections.abc import Callable

Look = Callable[[dict[str, int]], int | None]


class FollowsRule:
    """The output is what one of the ``cases`` says whose condition holds, in the same cycle or some cycles later.

    ``cases`` pairs a condition with a value (None: anything); where no condition holds the output may be anything.
    Where the specification leaves the number of cycles open several ``delays`` are given, and ``others`` are further
    readings of its words; the output must follow one reading after one delay for the whole run.
    """

    def __init__(
        self,
        *,
        output: str,
        width: int,
        cases: list[tuple[Look, Look]],
        delays: list[int],
        others: list[list[tuple[Look, Look]]] | None = None,
    ) -> None:
        self.output = output
        self.mask = (1 << width) - 1
        self.readings = [cases, *(others or [])]
        self.ways = [(index, delay) for index in range(len(self.readings)) for delay in delays]
        self.longest = max(delays)
        self.reset()

    def reset(self) -> None:
        """Forget the ports; what was found about the delay stays."""
        self.expected: list[list[set[int] | None]] = []

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        known = {name: value for name, value in outputs.items() if value is not None}
        taken = [self._taken(cases, {**inputs, **known}) for cases in self.readings]
        self.expected = [taken, *self.expected[: self.longest]]
        seen = outputs[self.output]
        if seen is None:
            return None
        fitting = [way for way in self.ways if (expected := self._expected(*way)) is None or seen in expected]
        if not fitting:
            told = " or ".join(hex(value) for value in sorted(self._expected(*self.ways[0]) or ()))
            return f"{self.output} is {seen:#x}, expected {told}"
        self.ways = fitting
        return None

    def _expected(self, reading: int, delay: int) -> set[int] | None:
        return self.expected[delay][reading] if delay < len(self.expected) else None

    def _taken(self, cases: list[tuple[Look, Look]], ports: dict[str, int]) -> set[int] | None:
        """Return the values that the output may have, None for any."""
        try:
            found = [value(ports) for condition, value in cases if condition(ports)]
        except KeyError:
            return None
        values = {value & self.mask for value in found if value is not None}
        return values if values and None not in found else None
