"""The rule that a stack gives back its words, the last one first."""

from typing import Any

from verif.bench.library.rules.readings import ReadingsRule


class StackReading:
    """A stack of ``depth`` words; its top is on ``data_out`` at once, or, ``registered``, what was popped last.

    A push while full and a pop while empty do nothing. What push and pop at once do differs: any of them is taken.
    """

    def __init__(self, *, ports: dict[str, str], depth: int, registered: bool) -> None:
        self.ports = ports
        self.depth = depth
        self.registered = registered

    def start(self) -> Any:
        """Begin empty."""
        return {((), None)}

    def shows(self, state: Any, inputs: dict[str, int]) -> dict[str, int | None]:
        """Return the flags and the word."""
        words, popped = state
        top = words[-1] if words else None
        values = {
            "full": int(len(words) == self.depth),
            "empty": int(not words),
            "level": len(words),
            "data_out": popped if self.registered else top,
        }
        return {self.ports[name]: value for name, value in values.items() if name in self.ports}

    def step(self, state: Any, inputs: dict[str, int]) -> Any:
        """Return the states after the clock edge."""
        if state is None:
            return None
        words, popped = state
        push, pop = inputs[self.ports["push"]], inputs[self.ports["pop"]]
        data = inputs[self.ports["data_in"]]
        pushed = ((*words, data), popped) if len(words) < self.depth else state
        taken = (words[:-1], words[-1]) if words else state
        if push and pop:
            swapped = ((*words[:-1], data), words[-1]) if words else pushed
            return {state, pushed, taken, swapped, (swapped[0], data), (words, data)}
        return {pushed if push else taken if pop else state}


class StackRule(ReadingsRule):
    """Data and flags are those of a stack; whether its data falls through is open, but the same for the whole run."""

    def __init__(self, *, ports: dict[str, str], depth: int) -> None:
        super().__init__(
            readings=[StackReading(ports=ports, depth=depth, registered=registered) for registered in (False, True)]
        )
