"""The testplan: requirements, stimulus drivers with their knobs, test points made of phases, coverage points.

A test point is a sequence of phases. A phase holds every knob at one setting for a number of cycles; a driver
turns its knobs' settings, a seed and (where it is reactive) the outputs sampled in the last cycle into the input
values of the next cycle. So a testplan and a seed determine the stimulus.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Setting = int | str
"""A knob's setting: a rate in tenths (0 to 9) or one of the knob's named choices."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Requirement(_Frozen):
    """A numbered requirement of the specification."""

    id: str
    text: str
    line: int = 0
    """Line in the specification."""


class Knob(_Frozen):
    """One thing that a phase can set on a driver."""

    name: str
    """Unique in the testplan, an identifier, for example ``wr_en`` or ``data_style``."""
    kind: Literal["rate", "choice"]
    choices: tuple[str, ...] = ()
    """For ``choice``: the named settings. A ``rate`` goes from 0 (never) to 9 (always)."""
    default: Setting


class Driver(_Frozen):
    """A stimulus source for some input ports; ``kind`` names a class of ``verif.stimulus.drivers``."""

    name: str
    kind: str
    ports: dict[str, str]
    """The driver's canonical signal name to the port's name."""
    options: dict[str, int | str | list[int]] = Field(default_factory=dict)
    """Further arguments of the driver's constructor, for example widths or address lists."""
    clock: str = ""
    """The clock that paces the driver: it moves after that clock's active edges only; empty means every tick."""
    knobs: tuple[Knob, ...] = ()


class Phase(_Frozen):
    """A stretch of cycles with constant knob settings."""

    cycles: int = Field(ge=1, le=1_000_000)
    settings: dict[str, Setting] = Field(default_factory=dict)
    """Knob name to setting; a knob that isn't named takes its default."""


class Testpoint(_Frozen):
    """One thing to test: becomes one cocotb test."""

    id: str
    """An identifier; the test is called ``test_<id>``."""
    intent: str
    """One sentence for a reader of the plan."""
    requirements: tuple[str, ...] = ()
    """Ids of the requirements that this point exercises."""
    phases: tuple[Phase, ...]
    reset_midway: bool = False
    """Whether reset is applied again between the phases."""


class CoverPoint(_Frozen):
    """A functional coverage point: named bins over one port, or a cross of other points."""

    name: str
    port: str | None = None
    bins: dict[str, tuple[int, int]] = Field(default_factory=dict)
    """Bin name to an inclusive range of values."""
    cross: tuple[str, ...] = ()
    """Names of the cover points that are crossed; then ``port`` and ``bins`` are empty."""


class Testplan(_Frozen):
    """A plan for one device under test."""

    schema_version: Literal[1] = 1
    dut: str
    origin: str = "baseline"
    """Who wrote the points: ``baseline``, ``random`` or a model's name."""
    requirements: tuple[Requirement, ...] = ()
    drivers: tuple[Driver, ...]
    points: tuple[Testpoint, ...]
    coverage: tuple[CoverPoint, ...] = ()

    @property
    def knobs(self) -> tuple[Knob, ...]:
        """All drivers' knobs, in order."""
        return tuple(knob for driver in self.drivers for knob in driver.knobs)
