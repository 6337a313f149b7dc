"""Ready/valid interfaces of a design, from the recognised protocols or from the ports' names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from verif.bench.library.subject import Subject
from verif.design.model import Port, PortRole

_PAYLOAD = ("data", "last", "keep", "strb", "user", "id", "dest", "sop", "eop", "empty", "error")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """A ready/valid interface."""

    name: str
    """What its ports' names have in common, for example ``m_axis_t``."""
    drives: bool
    """Whether the design is its source."""
    valid: str
    ready: str
    payload: dict[str, str]
    """Canonical name of a payload signal (``data``, ``last``) to its port."""

    @property
    def ports(self) -> Iterable[str]:
        """All its ports."""
        return (self.valid, self.ready, *self.payload.values())


def streams(subject: Subject) -> list[Stream]:
    """Return the interfaces that are spelled ``<prefix>valid``, ``<prefix>ready`` and ``<prefix>data`` and so on."""
    ports = {p.name: p for p in subject.design.ports if p.role is PortRole.DATA and p.flat}
    found = []
    for name, port in ports.items():
        match = re.fullmatch(r"(.*?)(t?)valid(.*)", name, re.IGNORECASE)
        ready = match and _spelled(ports, match[1] + match[2] + "ready" + match[3])
        if match and ready and port.width == 1 and ready.width == 1 and ready.direction != port.direction:
            payload = _payload(ports, port, match[1] + match[2], match[3])
            drives = name in subject.outputs
            stream = Stream(name=match[1], drives=drives, valid=name, ready=ready.name, payload=payload)
            found.append(stream)
    return found


def _spelled(ports: dict[str, Port], name: str) -> Port | None:
    return next((port for spelling, port in ports.items() if spelling.lower() == name.lower()), None)


def _payload(ports: dict[str, Port], valid: Port, before: str, after: str) -> dict[str, str]:
    spelled = ((name, _spelled(ports, before + name + after)) for name in _PAYLOAD)
    return {name: port.name for name, port in spelled if port and port.direction == valid.direction}
