"""What stands for a rule or a model in a harness, and the helper that puts a model's ports together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from verif.harness.monitors.arguments import Arguments, Uncovered
from verif.harness.monitors.nets import Nets, literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Hardware:
    """A module with its parameters and connections."""

    module: str
    connections: Mapping[str, str]
    parameters: Mapping[str, int | str] = field(default_factory=dict)
    text: str = ""
    """The module's text where it was made for this use; empty: it is the file of the package."""


Builder = Callable[[Nets, Arguments], Hardware]


class Ports:
    """The ``ports`` argument of a model, as the connections of its module grow from it."""

    def __init__(self, nets: Nets, given: Arguments, *, clocked: bool = True) -> None:
        self._nets = nets
        self._ports = {str(name): str(port) for name, port in given.mapping("ports").items()}
        self._left = set(self._ports)
        self.connections: dict[str, str] = {"clk": nets.the_clock()} if clocked else {}
        if clocked and nets.has_resets and not given.has("reset"):
            raise Uncovered("a reset that the model doesn't know")

    def width(self, *names: str) -> int:
        """Return the greatest width of those ports of the model that the design has, at least 1."""
        return max([1, *(self._nets.width(self._ports[name]) for name in names if name in self._ports)])

    def take(self, name: str, width: int = 1, *, absent: int | None = None, called: str = "") -> None:
        """Connect a port, zeros above it up to ``width``; ``absent`` stands for a port that the design lacks."""
        self._left.discard(name)
        if name in self._ports:
            self.connections[called or name] = self._nets.fit(self._ports[name], width)
        elif absent is not None:
            self.connections[called or name] = literal(absent, width)
        else:
            raise Uncovered(f"a design without {name}")

    def compare(self, **outputs: int) -> str:
        """Connect outputs (name to width); return which of them the design has as a literal, the first lowest."""
        checked = sum(1 << place for place, name in enumerate(outputs) if name in self._ports)
        for name, width in outputs.items():
            self.take(name, width, absent=0)
        return literal(checked, len(outputs))

    def build(self, module: str, **parameters: int | str) -> Hardware:
        """Return the hardware; Uncovered where the model has a port that was not connected."""
        if self._left:
            raise Uncovered(f"its port {min(self._left)}")
        return Hardware(module=module, connections=self.connections, parameters=parameters)


def bits_for(count: int) -> int:
    """Return how many bits number ``count`` things, at least 1."""
    return max(1, (count - 1).bit_length())
