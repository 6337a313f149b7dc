"""Functions of one to three words in C."""

from __future__ import annotations

from collections.abc import Sequence

_OF_TWO = (
    *("ZERO", "~({0} | {1})", "({0} & ~{1})", "~{1}", "(~{0} & {1})", "~{0}", "({0} ^ {1})", "~({0} & {1})"),
    *("({0} & {1})", "~({0} ^ {1})", "{0}", "({0} | ~{1})", "{1}", "(~{0} | {1})", "({0} | {1})", "ONES"),
)
"""By table: bit ``a0 + 2 a1``."""


def expression(values: int, inputs: Sequence[str], *, ternary: bool) -> str:
    """Return the function with the table ``values``; ``ternary``: the processor has any function of three words."""
    if len(inputs) == 1:
        return ("ZERO", f"~{inputs[0]}", inputs[0], "ONES")[values]
    if len(inputs) == 2:
        return _OF_TWO[values].format(*inputs)
    if ternary:
        return f"TERNARY({inputs[2]}, {inputs[1]}, {inputs[0]}, {values:#04x})"
    low, high = (_of_two(values >> shift & 15, inputs) for shift in (0, 4))
    return _chosen(low, high, inputs[2])


def _of_two(values: int, inputs: Sequence[str]) -> str:
    return _OF_TWO[values].format(inputs[0], inputs[1])


def _chosen(low: str, high: str, which: str) -> str:
    """Return ``which ? high : low``."""
    if low == high:
        return low
    if low == "ZERO":
        return f"({high} & {which})" if high != "ONES" else which
    if high == "ZERO":
        return f"({low} & ~{which})" if low != "ONES" else f"~{which}"
    if low == "ONES":
        return f"({high} | ~{which})"
    if high == "ONES":
        return f"({low} | {which})"
    return f"CHOOSE({low}, {high}, {which})"
