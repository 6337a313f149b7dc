"""The operators: the small mistakes that mutants stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verif.errors import InputError


@dataclass(frozen=True, kw_only=True, slots=True)
class Operator:
    """A kind of mistake."""

    name: str
    does: str
    """What it does to the source."""
    example: str
    """Before and after."""
    own_builds: bool = False
    """Whether each of its mutants needs a build of its own."""


_TABLE = (
    Operator(name="relational", does="another comparison", example="`a < b` to `a <= b`, `a == b` to `a != b`"),
    Operator(name="arithmetic", does="another arithmetic operator", example="`a + b` to `a - b`, `-a` to `a`"),
    Operator(
        name="logical", does="another connective, one side alone, no `!`", example="`a && b` to `a || b`, `a`, `b`"
    ),
    Operator(
        name="bitwise",
        does="another bitwise or reduction operator, one side alone, no `~`",
        example="`a & b` to `a | b`",
    ),
    Operator(name="shift", does="a shift the other way, or without the sign", example="`a >>> 1` to `a >> 1`"),
    Operator(name="constant", does="a constant one more or less, or its neighbour by name", example="`8'd3` to `8'd4`"),
    Operator(name="slice", does="a bit or slice one higher or lower", example="`a[7:4]` to `a[6:3]`"),
    Operator(
        name="condition",
        does="a condition of `if` or `?:` negated, always true, never true",
        example="`if (a)` to `if (!(a))`",
    ),
    Operator(name="enable", does="an enable dropped: a clocked `if` without `else` always taken", example="`if (en)`"),
    Operator(name="statement", does="an assignment deleted", example="`q <= d;` to `;`"),
    Operator(name="register", does="another register of the process written", example="`q <= d;` to `r <= d;`"),
    Operator(name="case-item", does="a case item dropped: the default, if any, takes its place", example="`2'd1: ...`"),
    Operator(name="reset", does="another reset value", example="`q <= 8'd0` to `q <= 8'd1`, `~(8'd0)`"),
    Operator(
        name="counter", does="a counter's step or limit off by one", example="`n <= n + 1` to `n + 2`, `n == MAX - 1`"
    ),
    Operator(name="parameter", does="a parameter's value one more or less", example="`D = 8` to 9", own_builds=True),
    Operator(name="generate", does="a generate condition negated", example="`if (FAST)`", own_builds=True),
    Operator(name="assignment", does="blocking for nonblocking, and back", example="`<=` to `=`", own_builds=True),
)

OPERATORS: Mapping[str, Operator] = {operator.name: operator for operator in _TABLE}
"""Name to operator."""


def chosen_operators(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the operators asked for, all for None; InputError PE902 for one that there isn't."""
    if names is None:
        return tuple(OPERATORS)
    for name in names:
        if name not in OPERATORS:
            raise InputError(
                "PE902", f"there is no mutation operator {name!r}", allowed=f"operators: {', '.join(OPERATORS)}"
            )
    return tuple(name for name in OPERATORS if name in names)
