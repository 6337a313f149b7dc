"""Taking over cocotb benches that others wrote: their Makefile, runner script or pytest file says how they run."""

from verif.bench.adopt.calls import Adopted, FoundCall
from verif.bench.adopt.folder import adopt

__all__ = ["Adopted", "FoundCall", "adopt"]
