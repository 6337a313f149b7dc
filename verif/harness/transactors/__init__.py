"""Transactors: the plan's drivers as hardware, which makes legal moves out of any stimulus.

Each ``drive_*`` module under ``hdl/`` stands for one class of ``verif.stimulus.drivers`` and allows what that class
does. It looks at the design's outputs only through registers, so its outputs depend on nothing in the same cycle but
the row's stimulus. Styles of data, runs and rates are not its business: they are in the stimulus.
"""

from __future__ import annotations

from verif.harness.transactors.choose import TRANSACTORS
from verif.harness.transactors.parts import Parts
from verif.harness.transactors.use import TransactorUse, module_text

__all__ = ["TRANSACTORS", "Parts", "TransactorUse", "module_text"]
