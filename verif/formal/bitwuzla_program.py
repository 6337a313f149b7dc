"""Bitwuzla as a program that reads SMT-LIB, where only its Python package is installed.

Takes the commands that ``verif.formal.solver`` sends, one a line. Its own parser doesn't go on after a ``check-sat``
with assertions pushed, so those commands go to its API.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any


def main(lines: Iterable[str] = sys.stdin) -> None:
    """Answer the commands on standard input on standard output."""
    import bitwuzla

    options = bitwuzla.Options()
    options.set(bitwuzla.Option.PRODUCE_MODELS, True)
    parser = bitwuzla.Parser(bitwuzla.TermManager(), options, "smt2")
    parser.parse("(set-logic QF_ABV)", False, False)
    solver = parser.bitwuzla()
    for line in lines:
        command, _, rest = line.strip().removeprefix("(").removesuffix(")").partition(" ")
        if command == "assert":
            solver.assert_formula(parser.parse_term(rest))
        elif command in ("declare-fun", "define-fun"):
            parser.parse(line, True, False)
        elif command == "push":
            solver.push(int(rest))
        elif command == "pop":
            solver.pop(int(rest))
        elif command == "check-sat":
            print(solver.check_sat(), flush=True)
        elif command == "get-value":
            print(f"({' '.join(_values(parser, solver, rest))})", flush=True)


def _values(parser: Any, solver: Any, names: str) -> Iterable[str]:
    for part in names.strip("()").split("|")[1::2]:
        value = solver.get_value(parser.parse_term(f"|{part}|"))
        yield f"(|{part}| {value})"


if __name__ == "__main__":
    main()
