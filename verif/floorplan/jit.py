"""numba, with its cache in the user's cache folder: compiled code depends on the processor."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import platformdirs

os.environ.setdefault("NUMBA_CACHE_DIR", platformdirs.user_cache_dir("posedge") + "/numba")

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile ``function`` to machine code on its first call and keep it on disk."""
    return cast(Callable[_P, _R], numba.njit(function, cache=True, fastmath=True, nogil=True))
