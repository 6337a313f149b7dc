"""The constructor arguments of a snippet, read from its source."""

from __future__ import annotations

import ast
from typing import Any

from verif.bench.oracles import Snippet


class Uncovered(Exception):
    """The hardware version doesn't have what a rule or model asks for; the text says what."""


class Arguments:
    """Keyword arguments of a snippet; every getter raises Uncovered where the value isn't of its type."""

    def __init__(self, snippet: Snippet) -> None:
        call = ast.parse(f"f({snippet.arguments})", mode="eval").body
        assert isinstance(call, ast.Call)
        self._values: dict[str, Any] = {
            keyword.arg: self._literal(keyword.value) for keyword in call.keywords if keyword.arg
        }

    @staticmethod
    def _literal(node: ast.expr) -> Any:
        """Return the value of a literal; anything else stays an expression, which no getter takes."""
        try:
            return ast.literal_eval(node)
        except ValueError:
            return node

    def only(self, *names: str) -> None:
        """Raise Uncovered where there is an argument beside ``names``."""
        for name in self._values:
            if name not in names:
                raise Uncovered(f"its option {name}")

    def has(self, name: str) -> bool:
        """Return whether the argument is given and isn't None."""
        return self._values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """Return a text."""
        return str(self._typed(name, str, default))

    def number(self, name: str, default: int = 0) -> int:
        """Return an integer or truth value as an integer."""
        return int(self._typed(name, int, default))

    def width(self, name: str = "width") -> int:
        """Return a number of bits that is at least 2; modules shift such values by one."""
        width = self.number(name)
        if width < 2:
            raise Uncovered(f"a {name} of {width}")
        return width

    def texts(self, name: str) -> list[str]:
        """Return a list of texts; empty where there is none."""
        return [str(value) for value in self._typed(name, list, [])]

    def numbers(self, name: str) -> list[int]:
        """Return a list of integers."""
        return [int(value) for value in self._typed(name, list, [])]

    def whole(self, name: str, default: tuple[int, ...]) -> list[int]:
        """Return a tuple of integers."""
        return [int(value) for value in self._typed(name, tuple, default)]

    def whole_texts(self, name: str) -> list[str]:
        """Return a tuple of texts; empty where there is none."""
        return [str(value) for value in self._typed(name, tuple, ())]

    def mapping(self, name: str) -> dict[Any, Any]:
        """Return a dictionary."""
        found: dict[Any, Any] = self._typed(name, dict, {})
        return found

    def pairs(self, name: str) -> list[tuple[Any, ...]]:
        """Return a list of tuples."""
        return [tuple(value) for value in self._typed(name, list, [])]

    def reset(self, name: str) -> tuple[str, int]:
        """Return port and active level of a reset."""
        port, level, _ = self._typed(name, tuple, ("", 1, False))
        return str(port), int(level)

    def cases(self, name: str) -> list[tuple[ast.expr, ast.expr]]:
        """Return a list of pairs of lambdas, condition and value."""
        node = self._values.get(name)
        if not isinstance(node, ast.List):
            raise Uncovered(f"{name}={node!r}")
        pairs = [entry.elts for entry in node.elts if isinstance(entry, ast.Tuple)]
        return [(condition, value) for condition, value in pairs]

    def _typed(self, name: str, kind: type, default: Any) -> Any:
        value = self._values.get(name, default)
        if not isinstance(value, kind):
            raise Uncovered(f"{name}={value!r}")
        return value
