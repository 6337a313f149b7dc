"""Collects the parts of one transactor: stimulus fields, watched and driven ports, parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from verif.design.model import Design
from verif.harness.model import Field, FieldKind
from verif.harness.names import Names, vector
from verif.harness.transactors.use import TransactorUse
from verif.plan.kinds import knob_names
from verif.plan.model import Driver
from verif.stimulus.registry import driver_class


class Parts:
    """What a transactor consists of, told piece by piece.

    A *signal* is the driver's name of a port, a *pin* the transactor's. A signal that the design lacks is tied to a
    constant where it is watched, and left open where it is driven.
    """

    def __init__(
        self, driver: Driver, design: Design, names: Names, drive: Callable[[str], str], watch: Callable[[str], str]
    ) -> None:
        """``drive`` and ``watch`` give the nets of a port of the design; ``names`` gives out names of fields."""
        self.driver = driver
        self.kind = driver_class(driver.kind)
        self._design = design
        self._names = names
        self._drive = drive
        self._watch = watch
        self._knobs = knob_names(driver)
        self._clock = driver.clock if len(design.clocks) > 1 else ""
        self._fields: list[Field] = []
        self._pins: dict[str, str] = {}
        self._parameters: dict[str, str] = {}
        self._straight: dict[str, str] = {}
        self._help: list[str] = []
        self._helpers: list[str] = []

    @property
    def driven_signals(self) -> list[str]:
        """The signals that the driver drives."""
        return [signal for signal in self.driver.ports if self.kind.owns(signal)]

    def has(self, signal: str) -> bool:
        """Whether the design has a port for ``signal``."""
        return signal in self.driver.ports

    def width(self, *signals: str, absent: int = 1) -> int:
        """Return the bits of the first of ``signals`` that the design has."""
        found = next((signal for signal in signals if self.has(signal)), None)
        return self._design.port(self.driver.ports[found]).width if found else absent

    def number(self, option: str, default: int) -> int:
        """Return a number among the driver's options."""
        value = self.driver.options.get(option, default)
        return value if isinstance(value, int) else default

    def numbers(self, option: str) -> tuple[int, ...]:
        """Return a list among the driver's options."""
        value = self.driver.options.get(option, [])
        return tuple(value) if isinstance(value, list) else ()

    def parameter(self, name: str, value: int, bits: int = 0) -> None:
        """Set a parameter, as a literal of ``bits`` bits where that isn't 0."""
        self._parameters[name] = f"{bits}'d{min(value, (1 << bits) - 1)}" if bits else str(value)

    def field(
        self,
        what: str,
        meaning: str,
        *,
        width: int = 1,
        kind: FieldKind = FieldKind.RATE,
        knobs: Mapping[str, str] | None = None,
        choices: Sequence[int] = (),
        default: int = 0,
        shows: str = "",
    ) -> str:
        """Add the field ``stim_<driver>_<what>`` and return its name; ``knobs``: rate, runs, style to local knobs.

        ``shows`` is the driven signal that shows it, where that isn't called ``what``.
        """
        name = self._names.take(f"stim_{self.driver.name}_{what}")
        named = {use: self._knobs.get(local, "") for use, local in (knobs or {}).items()}
        self._fields.append(
            Field(
                name=name,
                width=width,
                kind=kind,
                default=default,
                choices=tuple(choices),
                clock=self._clock,
                driver=self.driver.name,
                rate=named.get("rate", ""),
                runs=named.get("runs", ""),
                style=named.get("style", ""),
                meaning=meaning,
                shows=self._shown(shows or what),
            )
        )
        return name

    def _shown(self, signal: str) -> str:
        return self.driver.ports[signal] if signal in self.driven_signals else ""

    def stim(self, what: str, meaning: str, **kind: Any) -> None:
        """Add a field and connect it to the pin ``stim_<what>``."""
        self._pins[f"stim_{what}"] = self.field(what, meaning, **kind)

    def stim_if(self, wanted: bool, what: str, meaning: str, *, absent: str = "", **kind: Any) -> None:
        """Add a field if it is wanted, else tie its pin to ``absent``, which is 0 unless told."""
        if wanted:
            self.stim(what, meaning, **kind)
        else:
            self._pins[f"stim_{what}"] = absent or f"{kind.get('width', 1)}'d0"

    def switch(self, what: str, meaning: str, *, style: str) -> str:
        """Add a field of one bit that a knob with two words sets; return its name."""
        return self.field(what, meaning, kind=FieldKind.MODE, choices=(0, 1), knobs={"style": style})

    def switch_if(self, wanted: bool, what: str, meaning: str, *, style: str) -> None:
        """Connect a switch to its pin if it is wanted, else tie the pin to 0."""
        self._pins[f"stim_{what}"] = self.switch(what, meaning, style=style) if wanted else "1'd0"

    def stim_joined(self, what: str, signals: Sequence[str]) -> None:
        """Add a field of data for each driven signal; join them at ``stim_<what>``, and the signals at ``<what>``."""
        styled: dict[str, Any] = {"kind": FieldKind.DATA, "knobs": {"style": "data"}}
        fields = [
            self.field(signal, f"{self.driver.ports[signal]} to come", width=self.width(signal), **styled)
            for signal in signals
        ]
        self._pins[f"stim_{what}"] = joined(fields) or "1'b0"
        self._pins[what] = joined([self.driven(signal) for signal in signals]) or self.net(f"{what}_unused", 1)

    def pin(self, name: str, expression: str) -> None:
        """Connect a pin to an expression."""
        self._pins[name] = expression

    def watch(self, *signals: str, absent: str = "1'b0") -> None:
        """Connect pins to the watched signals of the same name; those that the design lacks to ``absent``."""
        for signal in signals:
            self._pins[signal] = self.watched(signal, absent)

    def watch_word(self, parameter: str, *signals: str) -> None:
        """Connect pins of ``parameter`` bits; those that the design lacks to 0."""
        self.watch(*signals, absent=f"{self._parameters[parameter]}'d0")

    def watched(self, signal: str, absent: str = "1'b0") -> str:
        """Return the net of a watched signal."""
        return self._watch(self.driver.ports[signal]) if self.has(signal) else absent

    def net(self, what: str, width: int) -> str:
        """Declare a net of the harness and return its name."""
        name = self._names.take(f"{self.driver.name}_{what}")
        self._help.append(f"wire {vector(width)}{name};")
        return name

    def help(self, module: str, pins: Mapping[str, str]) -> None:
        """Put an instance of a further module, without a clock, before the transactor's."""
        use = TransactorUse(
            driver=self.driver.name,
            module=module,
            parameters={},
            pins=pins,
            fields=(),
            drives=(),
            straight={},
            clocked=False,
        )
        self._help += use.instance(self._names.take(f"{self.driver.name}_{module}"), clk="", rst="")
        self._helpers.append(module)

    def drive(self, *signals: str, width: int | str = 1) -> None:
        """Connect pins to the driven signals of the same name.

        ``width`` are the bits of a pin, or the parameter that tells them, in case the design lacks the signal.
        """
        bits = width if isinstance(width, int) else int(self._parameters[width])
        for signal in signals:
            self._pins[signal] = self.driven(signal) or self.net(f"{signal}_unused", bits)

    def driven(self, signal: str) -> str:
        """Return the net of a driven signal; empty where the design lacks it."""
        return self._drive(self.driver.ports[signal]) if self.has(signal) else ""

    def straight(self, signal: str, expression: str) -> None:
        """Drive a signal, where the design has it, with an expression, past the module."""
        if self.has(signal):
            self._straight[self.driver.ports[signal]] = expression

    def zero(self, *signals: str) -> None:
        """Drive signals, where the design has them, with 0."""
        for signal in signals:
            self.straight(signal, f"{self.width(signal)}'d0")

    def done(self, module: str, *, clocked: bool = True) -> TransactorUse:
        """Return the transactor."""
        owned = (port for signal, port in self.driver.ports.items() if self.kind.owns(signal))
        return TransactorUse(
            driver=self.driver.name,
            module=module,
            parameters=self._parameters,
            pins=self._pins,
            fields=tuple(self._fields),
            drives=tuple(port for port in owned if port not in self._straight),
            straight=self._straight,
            clocked=clocked,
            help=tuple(self._help),
            helpers=tuple(self._helpers),
        )


def joined(nets: Sequence[str]) -> str:
    """Return nets as one vector, the first at the top; empty where there are none."""
    if len(nets) < 2:
        return "".join(nets)
    return f"{{{', '.join(nets)}}}"
