"""The ledger's searches: what each cost, and what it took to find each failure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, insert, select
from sqlalchemy.schema import CreateTable

from verif.campaign.ledger import Ledger, LedgerEntry, now


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundEntry:
    """What it took to find one failing check."""

    check: str
    oracle: str
    examples: int
    cycles: int
    seconds: float
    """Wall time from the start of the search, the build included."""
    length_before: int
    """Cycles of the failing example."""
    length: int
    """Cycles after shrinking."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchEntry:
    """One search of one bench."""

    bench: str
    """The bench's directory; kept as an absolute path."""
    seed: int
    verdict: str
    seconds: float
    examples: int
    cycles: int
    points_hit: int = 0
    points_total: int = 0
    """Points of code coverage; 0 where none were counted."""
    recorded: str = ""
    """Time in ISO 8601, UTC; filled in by ``record`` where empty."""
    found: tuple[FoundEntry, ...] = ()

    @property
    def points_per_example(self) -> float | None:
        """Coverage points gained for each example; None where none were counted."""
        return self.points_hit / self.examples if self.points_total and self.examples else None


class SearchLedger:
    """The searches in the ledger's file ``path``."""

    def __init__(self, path: Path, *, clock: Callable[[], str] = now) -> None:
        self._ledger = Ledger(path, now=clock)
        self._now = clock
        metadata = MetaData()
        key = Column("id", Integer, primary_key=True)
        self._searches = Table("searches", metadata, key, *_columns(SearchEntry))
        number = Column("search", Integer, nullable=False)
        self._found = Table("found", metadata, Column("id", Integer, primary_key=True), number, *_columns(FoundEntry))

    def record(self, entry: SearchEntry) -> None:
        """Append ``entry``, also to what each verb cost; InputError PE604 where the file is no ledger."""
        cost = LedgerEntry(
            bench=entry.bench, verb="search", seconds=entry.seconds, outcome=entry.verdict, recorded=entry.recorded
        )
        self._ledger.record(cost)
        row: dict[str, Any] = asdict(entry) | {
            "bench": str(Path(entry.bench).resolve()),
            "recorded": entry.recorded or self._now(),
        }
        found = row.pop("found")
        with self._ledger.connection() as connection:
            for table in (self._searches, self._found):
                connection.execute(CreateTable(table, if_not_exists=True))
            done = connection.execute(insert(self._searches), row)
            assert done.inserted_primary_key is not None
            number = done.inserted_primary_key[0]
            for one in found:
                connection.execute(insert(self._found), {**one, "search": number})

    def entries(self) -> tuple[SearchEntry, ...]:
        """Return all searches, oldest first; none where nothing was searched yet."""
        if not self._ledger.path.exists():
            return ()
        with self._ledger.connection() as connection:
            for table in (self._searches, self._found):
                connection.execute(CreateTable(table, if_not_exists=True))
            searches = [dict(row) for row in connection.execute(_all(self._searches)).mappings()]
            found = [dict(row) for row in connection.execute(_all(self._found)).mappings()]
        by_search: dict[int, list[FoundEntry]] = {}
        for row in found:
            row.pop("id")
            by_search.setdefault(row.pop("search"), []).append(FoundEntry(**row))
        return tuple(_entry(row, by_search.get(row.pop("id"), [])) for row in searches)


def _entry(row: dict[str, Any], found: list[FoundEntry]) -> SearchEntry:
    return SearchEntry(**row, found=tuple(found))


def _all(table: Table) -> Any:
    return select(table).order_by(table.c.id)


def _columns(entry: type[SearchEntry] | type[FoundEntry]) -> list[Column[Any]]:
    kinds: dict[str, Any] = {"str": String, "int": Integer, "float": Float}
    return [Column(f.name, kinds[str(f.type)], nullable=False) for f in fields(entry) if str(f.type) in kinds]
