"""The cases of floorplan.py: public sets, outlines and pad rings, with the targets and what others publish for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MCNC = ("apte", "xerox", "hp", "ami33", "ami49")
SMALL = ("n10", "n30", "n50")
LARGE = ("n100", "n200", "n300")
TARGETS = {
    "soft 10% ring 800": {"n100": 270e3, "n200": 505e3, "n300": 630e3},
    "hard 10% ring 1.10": {"n100": 195e3, "n200": 375e3, "n300": 555e3},
    "dead space": {"apte": 0.9, "xerox": 2.26, "hp": 1.8, "ami33": 1.8, "ami49": 2.5},
}
"""Wirelengths, and dead space in percent; the long round's best must reach them."""
PUBLISHED = {
    "soft 10% ring 800": {
        "Trinity": {"n100": 294.7e3, "n200": 554.9e3, "n300": 681.3e3},
        "PARSAC": {"n100": 303.5e3, "n200": 576.0e3, "n300": 705.2e3},
    },
    "soft 1% ring 1.10": {"UFO'11 (pads not known)": {"n100": 195.2e3, "n200": 346.7e3, "n300": 476.6e3}},
    "hard 10% ring 1.10": {"romulus0914": {"n100": 218.4e3, "n200": 407.1e3, "n300": 567.9e3}},
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One problem with one outline."""

    group: str
    """Kind of blocks, whitespace and ring: the key of TARGETS."""
    name: str
    blocks: str
    nets: str
    pl: str
    whitespace: float | None = 0.10
    """None: least area."""
    aspect: float = 1.0


def cases() -> Iterator[Case]:
    """Every case of the short round."""
    for name in MCNC:
        files = {"name": name, "blocks": f"mcnc/{name}.blocks", "nets": f"mcnc/{name}.nets", "pl": f"mcnc/{name}.pl"}
        yield Case(group="dead space", whitespace=None, **files)
        yield Case(group="hard 10% ring MCNC", **files)
    for name in (*SMALL, *LARGE):
        yield gsrc("hard 15% ring 1.15", name, "gsrc_hard", whitespace=0.15)
    for name in LARGE:
        yield gsrc("hard 10% ring 1.10", name, "gsrc_pl_10pct")
        yield gsrc("hard 10% ring 1.10 aspect 2", name, "gsrc_pl_10pct", aspect=2.0)
        yield gsrc("hard 10% ring 1.10 aspect 3", name, "gsrc_pl_10pct", aspect=3.0)
        yield gsrc("soft 10% ring 800", name, "gsrc_pl_800ring", soft=True)
        yield gsrc("soft 1% ring 1.10", name, "gsrc_pl_10pct", soft=True, whitespace=0.01)
        yield gsrc("soft 1% ring 1.15", name, "gsrc_hard", soft=True, whitespace=0.01)
        yield gsrc("soft 1% ring 800", name, "gsrc_pl_800ring", soft=True, whitespace=0.01)


def gsrc(
    group: str, name: str, ring: str, *, soft: bool = False, whitespace: float = 0.10, aspect: float = 1.0
) -> Case:
    return Case(
        group=group,
        name=name,
        blocks=f"gsrc_soft/{name}_soft.blocks" if soft else f"gsrc_hard/{name}.blocks",
        nets=f"gsrc_hard/{name}.nets",
        pl=f"{ring}/{name}.pl",
        whitespace=whitespace,
        aspect=aspect,
    )
