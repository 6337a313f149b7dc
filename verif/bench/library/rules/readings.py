"""The rule that a design follows one reading of its specification, for what is hidden or left open."""

from typing import Any


class ReadingsRule:
    """The outputs follow one of ``readings`` for the whole run.

    A reading is an automaton whose state isn't seen: ``start()`` gives its possible states after reset (None: any),
    ``shows(state, ports)`` the outputs (None: anything), ``step(state, ports)`` the possible states after the clock
    edge (None: any). States that contradict the outputs are dropped; a reading without states is wrong.
    """

    def __init__(self, *, readings: list[Any]) -> None:
        self.readings = list(readings)
        self.reset()

    def reset(self) -> None:
        """Begin after a reset; readings that were wrong stay so."""
        self.states = [reading.start() for reading in self.readings]

    def observe(self, inputs: dict[str, int], outputs: dict[str, int | None]) -> str | None:
        """Return what is wrong in this cycle, or None."""
        messages = []
        alive = []
        for reading, states in zip(self.readings, self.states, strict=True):
            fitting, message = self._fitting(reading, states, inputs, outputs)
            messages.append(message)
            if not message:
                alive.append((reading, self._after(reading, fitting, inputs)))
        if not alive:
            return messages[0]
        self.readings = [reading for reading, _ in alive]
        self.states = [states for _, states in alive]
        return None

    def _fitting(
        self, reading: Any, states: Any, inputs: dict[str, int], outputs: dict[str, int | None]
    ) -> tuple[Any, str]:
        """Return the states that show the outputs, and what is wrong where none does."""
        if states is None:
            return None, ""
        fitting, message = set(), ""
        for state in states:
            shown = reading.shows(state, inputs)
            wrong = [
                port for port, value in shown.items() if None not in (value, outputs[port]) and value != outputs[port]
            ]
            if wrong:
                message = message or f"{wrong[0]} is {outputs[wrong[0]]:#x}, expected {shown[wrong[0]]:#x}"
            else:
                fitting.add(state)
        return fitting, "" if fitting else message

    def _after(self, reading: Any, states: Any, inputs: dict[str, int]) -> Any:
        if states is None:
            found = reading.step(None, inputs)
            return None if found is None else set(found)
        after = set()
        for state in states:
            found = reading.step(state, inputs)
            if found is None:
                return None
            after.update(found)
        return after if len(after) <= 256 else None
