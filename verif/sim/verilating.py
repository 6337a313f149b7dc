"""What all uses of Verilator have in common: the arguments that decide what a design means."""

from __future__ import annotations

from verif.sim.seam import BuildRequest

_COVERAGE = ("--coverage-line", "--coverage-toggle", "--coverage-expr", "--coverage-user")
"""What ``--coverage`` means, less ``--coverage-fsm``: together with line coverage that one ends Verilator 5.48 with an
internal error on designs that write a memory, and it misses guarded arcs."""


_LARGEST_SEED = 2**31 - 1


def start_seed(seed: int | None) -> int:
    """Return the seed from which start values are drawn; 0 for None: there they are all 0."""
    return 0 if seed is None else seed % _LARGEST_SEED + 1


def common_arguments(request: BuildRequest) -> list[str]:
    """Return our arguments; a bench's own come later on the command line and win."""
    return [
        *("-Wno-fatal", "--x-assign", "unique", "--x-initial", "unique"),
        *(_COVERAGE if request.coverage else ()),
        *(["-Wno-MODMISSING"] if request.sources.blackboxes else []),
    ]
