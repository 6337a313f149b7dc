"""Become a program that takes no more than so much memory and ends with the process that started it."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Sequence

from verif.formal.solver import die_with_parent


def main(words: Sequence[str]) -> None:
    """Become ``words[1:]`` with ``words[0]`` bytes of memory; 0: all there is."""
    die_with_parent()
    if limit := int(words[0]):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    os.execv(words[1], list(words[1:]))


if __name__ == "__main__":
    main(sys.argv[1:])
