"""What the RTL is. The nouns live here; the readers are imported by name, since they load parsers."""

from verif.design.model import (
    Clock,
    Design,
    Direction,
    Edge,
    Fsm,
    Instance,
    Parameter,
    Port,
    PortRole,
    ProtocolMatch,
    Reset,
    SourceSet,
)

__all__ = [
    "Clock",
    "Design",
    "Direction",
    "Edge",
    "Fsm",
    "Instance",
    "Parameter",
    "Port",
    "PortRole",
    "ProtocolMatch",
    "Reset",
    "SourceSet",
]
