"""The rule that flags tell the edges of an input."""

from typing import Any

from verif.bench.library.rules.readings import ReadingsRule


class EdgeReading:
    """Flags of one cycle, ``delay`` cycles after the input changed: ``rise``, ``fall`` and ``both``."""

    def __init__(self, *, ports: dict[str, str], delay: int) -> None:
        self.ports = ports
        self.delay = delay

    def start(self) -> Any:
        """Begin without knowing what came before."""
        return {(None,) * (self.delay + 1)}

    def shows(self, state: Any, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the flags."""
        line = (inputs[self.ports["signal"]], *state)
        after, before = line[self.delay], line[self.delay + 1]
        known = None not in (after, before)
        values = {
            "rise": int(after > before) if known else None,
            "fall": int(after < before) if known else None,
            "both": int(after != before) if known else None,
        }
        return {self.ports[name]: value for name, value in values.items() if name in self.ports}

    def step(self, state: Any, inputs: dict[str, int]) -> Any:
        """Return the state after the clock edge."""
        return None if state is None else {(inputs[self.ports["signal"]], *state[:-1])}


class EdgeRule(ReadingsRule):
    """The flags tell the edges of ``ports["signal"]``, each for one cycle, always after the same of ``delays``."""

    def __init__(self, *, ports: dict[str, str], delays: list[int]) -> None:
        super().__init__(readings=[EdgeReading(ports=ports, delay=delay) for delay in delays])
