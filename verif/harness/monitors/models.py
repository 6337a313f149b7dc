"""The hardware of the models in ``verif.bench.library.models``, by class; the Python model stays the authority."""

from __future__ import annotations

from collections.abc import Mapping

from verif.harness.monitors.hardware import Builder
from verif.harness.monitors.models_arithmetic import ARITHMETIC
from verif.harness.monitors.models_counting import COUNTING
from verif.harness.monitors.models_interfaces import INTERFACES
from verif.harness.monitors.models_storage import STORAGE

MODELS: Mapping[str, Builder] = {**ARITHMETIC, **COUNTING, **INTERFACES, **STORAGE}
"""Class of a model to its hardware."""
