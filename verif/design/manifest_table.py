"""Typed access to a TOML table, with errors that name file and key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from verif.design.source_file import display
from verif.errors import InputError

_Choice = TypeVar("_Choice", bound=StrEnum)


class Table:
    """A TOML table whose keys are taken one by one; what is left at ``done`` is a key that nobody knows."""

    def __init__(self, data: Mapping[str, Any], file: Path, path: str = "") -> None:
        self._data = data
        self._file = file
        self._path = path
        self._taken: list[str] = []

    def fail(self, key: str, what: str, hint: str = "") -> NoReturn:
        """Raise InputError PE116 on ``key``."""
        raise InputError("PE116", f"{self._name(key)}: {what}", where=display(self._file), hint=hint)

    def done(self) -> None:
        """Refuse keys that were never asked for."""
        for key in self._data:
            if key not in self._taken:
                allowed = ", ".join(sorted(set(self._taken)))
                self.fail(key, "no such key", f"allowed here: {allowed}")

    def text(self, key: str) -> str | None:
        """Return the string at ``key`` or None."""
        value = self._take(key)
        if value is not None and not isinstance(value, str):
            self.fail(key, f"expected a string, found {value!r}")
        return value

    def required(self, key: str) -> str:
        """Return the string at ``key``; it must be there."""
        return self.text(key) or self.fail(key, "the key is missing or empty")

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of strings at ``key``; empty where it is absent."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(key, f"expected a list of strings, found {value!r}")
        return tuple(value)

    def boolean(self, key: str) -> bool | None:
        """Return the boolean at ``key`` or None."""
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            self.fail(key, f"expected true or false, found {value!r}")
        return value

    def integer(self, key: str, *, minimum: int) -> int | None:
        """Return the integer at ``key`` or None."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
            self.fail(key, f"expected an integer of at least {minimum}, found {value!r}")
        return value

    def choice(self, key: str, kind: type[_Choice]) -> _Choice | None:
        """Return the member of ``kind`` named at ``key`` or None."""
        if self.text(key) is None:
            return None
        return kind(self.word(key, [member.value for member in kind]))

    def word(self, key: str, allowed: Sequence[str]) -> str:
        """Return the string at ``key``, which must be one of ``allowed``."""
        value = self.required(key)
        if value not in allowed:
            self.fail(key, f"expected one of {', '.join(allowed)}, found {value!r}")
        return value

    def scalars(self, key: str, truth: tuple[str, str] = ("0", "1")) -> dict[str, str]:
        """Return the table of scalars at ``key`` as text; ``truth`` holds the words for false and true."""
        value = self._take(key) or {}
        if not isinstance(value, dict):
            self.fail(key, f"expected a table, found {value!r}")
        return {name: self._scalar(f"{key}.{name}", item, truth) for name, item in value.items()}

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return the array of tables at ``key``; empty where it is absent."""
        value = self._take(key) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(key, f"expected tables written as [[{self._name(key)}]]")
        return tuple(Table(item, self._file, self._name(f"{key}[{index}]")) for index, item in enumerate(value))

    def named_tables(self, key: str) -> dict[str, Table]:
        """Return the tables below ``key`` by name; empty where it is absent."""
        value = self._take(key) or {}
        if not isinstance(value, dict) or not all(isinstance(item, dict) for item in value.values()):
            self.fail(key, f"expected tables written as [{self._name(key)}.<name>]")
        return {name: Table(item, self._file, self._name(f"{key}.{name}")) for name, item in value.items()}

    def _take(self, key: str) -> Any:
        self._taken.append(key)
        return self._data.get(key)

    def _scalar(self, key: str, value: object, truth: tuple[str, str]) -> str:
        if isinstance(value, bool):
            return truth[value]
        if isinstance(value, str | int | float):
            return str(value)
        return self.fail(key, f"expected a string or a number, found {value!r}")

    def _name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key
