"""The productivity ledger: what each verb cost on each bench, in SQLite at ``sim_builds/metrics.sqlite``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, create_engine, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateTable

from verif.errors import InputError
from verif.verdict import Outcome, Ratio

_LOCK_SECONDS = 30
"""How long a writer waits for another process; benches are drafted in parallel."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerEntry:
    """What one call of a verb on one bench cost."""

    bench: str
    """The bench's directory, or the output file of ``generate``; kept as an absolute path."""
    verb: str
    seconds: float
    """Wall time."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    lines: int = 0
    """Lines of code written for the user."""
    model: str = "none"
    outcome: str = ""
    """The draft's outcome, the run's verdict, or a floorplan's figures."""
    recorded: str = ""
    """Time in ISO 8601, UTC; filled in by ``record`` where empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchCost:
    """What one bench has cost so far."""

    bench: str
    seconds: float
    tokens: int
    """Prompt and completion tokens."""
    lines: int
    """Lines of the newest draft."""
    outcome: str
    """Outcome of the newest draft, else of the newest floorplan; empty where there was neither."""
    calls: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Costs:
    """The ledger, summed up."""

    benches: tuple[BenchCost, ...]
    drafts: Ratio
    """Drafts accepted, out of all drafts made."""
    draft_seconds: float
    """Wall time of all drafts, rejected ones included."""
    tokens: int
    lines: int
    """Lines of the newest draft of every bench."""

    @property
    def seconds_per_accepted(self) -> float | None:
        """Wall time of all drafts for each accepted one; None where none was accepted."""
        return self.draft_seconds / self.drafts.count if self.drafts.count else None


def now() -> str:
    """Return the time in ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Ledger:
    """The ledger in the file ``path``, made on the first ``record``."""

    def __init__(self, path: Path, *, now: Callable[[], str] = now) -> None:
        self.path = path
        self._now = now
        self._table = _table()

    def record(self, entry: LedgerEntry) -> None:
        """Append ``entry``; InputError where the file is no ledger."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        where = str(Path(entry.bench).resolve())
        row = asdict(entry) | {"bench": where, "recorded": entry.recorded or self._now()}
        with self.connection() as connection:
            connection.execute(CreateTable(self._table, if_not_exists=True))
            connection.execute(insert(self._table), row)

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return all entries, oldest first; none where nothing was recorded yet."""
        if not self.path.exists():
            return ()
        with self.connection() as connection:
            connection.execute(CreateTable(self._table, if_not_exists=True))
            columns = [self._table.c[field.name] for field in fields(LedgerEntry)]
            rows = connection.execute(select(*columns).order_by(self._table.c.id)).mappings()
            return tuple(_entry(dict(row)) for row in rows)

    def costs(self) -> Costs:
        """Sum the ledger up."""
        return sum_up(self.entries())

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept in one step; InputError PE604 where the file is no ledger."""
        engine = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": _LOCK_SECONDS})
        try:
            with engine.begin() as connection:
                yield connection
        except DatabaseError as error:
            reason = str(error.orig).rstrip(".")
            raise InputError(
                "PE604", f"the ledger can't be used: {reason}", where=str(self.path), hint="move the file away"
            ) from error
        finally:
            engine.dispose()


def sum_up(entries: tuple[LedgerEntry, ...]) -> Costs:
    """Return what ``entries`` cost in all and for each bench, benches in order of first use."""
    by_bench: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        by_bench.setdefault(entry.bench, []).append(entry)
    benches = tuple(_bench_cost(bench, own) for bench, own in by_bench.items())
    drafts = [entry for entry in entries if entry.verb == "draft"]
    return Costs(
        benches=benches,
        drafts=Ratio(count=sum(_accepted(entry) for entry in drafts), total=len(drafts)),
        draft_seconds=sum(entry.seconds for entry in drafts),
        tokens=sum(cost.tokens for cost in benches),
        lines=sum(cost.lines for cost in benches),
    )


def _bench_cost(bench: str, entries: list[LedgerEntry]) -> BenchCost:
    newest = next((entry for entry in reversed(entries) if entry.verb == "draft"), None)
    planned = next((entry.outcome for entry in reversed(entries) if entry.verb == "floorplan"), "")
    return BenchCost(
        bench=bench,
        seconds=sum(entry.seconds for entry in entries),
        tokens=sum(entry.prompt_tokens + entry.completion_tokens for entry in entries),
        lines=newest.lines if newest else max(entry.lines for entry in entries),
        outcome=newest.outcome if newest else planned,
        calls=len(entries),
    )


def _accepted(entry: LedgerEntry) -> bool:
    return entry.outcome in list(Outcome) and Outcome(entry.outcome).accepted


def _table() -> Table:
    kinds: dict[str, type[String] | type[Integer] | type[Float[Any]]] = {"str": String, "int": Integer, "float": Float}
    own = [Column(f.name, kinds[str(f.type)], nullable=False) for f in fields(LedgerEntry)]
    return Table("ledger", MetaData(), Column("id", Integer, primary_key=True), *own)


def _entry(row: dict[str, Any]) -> LedgerEntry:
    return LedgerEntry(**row)
