"""The rule that grants go round among the requesters."""

from typing import Any

from verif.bench.library.rules.readings import ReadingsRule


class RoundRobinReading:
    """The first requester behind the one that was granted last gets the grant, at once or one cycle later."""

    def __init__(self, *, ports: dict[str, str], requesters: int, delay: int) -> None:
        self.ports = ports
        self.requesters = requesters
        self.delay = delay

    def start(self) -> Any:
        """Begin with requester 0 first."""
        return {(0, (0,) * self.delay)}

    def _granted(self, first: int, requests: int) -> tuple[int, int]:
        for offset in range(self.requesters):
            index = (first + offset) % self.requesters
            if requests >> index & 1:
                return 1 << index, (index + 1) % self.requesters
        return 0, first

    def shows(self, state: Any, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the grant."""
        line = (self._granted(state[0], inputs[self.ports["req"]])[0], *state[1])
        return {self.ports["gnt"]: line[self.delay]}

    def step(self, state: Any, inputs: dict[str, int]) -> Any:
        """Return the state after the clock edge."""
        if state is None:
            return None
        grant, first = self._granted(state[0], inputs[self.ports["req"]])
        return {(first, (grant, *state[1])[: self.delay])}


class RoundRobinRule(ReadingsRule):
    """Grants go round, with one of ``delays`` for the whole run."""

    def __init__(self, *, ports: dict[str, str], requesters: int, delays: list[int]) -> None:
        super().__init__(
            readings=[RoundRobinReading(ports=ports, requesters=requesters, delay=delay) for delay in delays]
        )
