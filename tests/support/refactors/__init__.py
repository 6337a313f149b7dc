"""Versions of the designs in ``rtl/`` that act as they do, to see that nobody calls them different."""

from __future__ import annotations

from tests.support.refactors.parallel import PARALLEL
from tests.support.refactors.serial import SERIAL

REFACTORS = (*SERIAL, *PARALLEL)
