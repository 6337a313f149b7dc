"""Hand a value that fails to Hypothesis' own shrinker. The one place that leans on Hypothesis' insides.

Hypothesis shrinks what it found itself. A failure given with ``@example`` is not shrunk, nor is one that lies under
the database's primary key, which holds what is already minimal. Entries of the *secondary* key are tried first and then
shrunk, so the value goes there, as the choices that the strategy would have made for it. ``hypothesis.seed`` switches
the database off, so the seed is set as that function sets it, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from unittest import SkipTest

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.database import DirectoryBasedExampleDatabase, choices_to_bytes
from hypothesis.errors import CannotInvert, Flaky
from hypothesis.strategies import SearchStrategy

Value = TypeVar("Value")


class BudgetSpent(KeyboardInterrupt):
    """Raised by a condition to end the shrinking: Hypothesis takes any other exception for a failure of the test."""


class _Fails(Exception):
    """Tells Hypothesis that a value fails."""


class NotShrinkable(Exception):
    """The strategy can't make the value, or the value doesn't fail whenever the strategy makes it."""


def shrink_value(
    strategy: SearchStrategy[Value],
    value: Value,
    fails: Callable[[Value], bool],
    *,
    key: bytes,
    seed: int,
    database: Path,
) -> Value:
    """Return the smallest value that fails, by Hypothesis' order, from ``value`` which does.

    ``fails`` may raise ``BudgetSpent``, which is passed on. What lay under ``key`` is dropped, so that the same
    arguments give the same result whatever was run before. NotShrinkable where there is nothing to start from.
    """
    try:
        choices = strategy._invert(value)
    except CannotInvert as error:
        raise NotShrinkable(str(error)) from error
    store = DirectoryBasedExampleDatabase(database)
    for place in (key, key + b".secondary", key + b".pareto"):
        for entry in tuple(store.fetch(place)):
            store.delete(place, entry)
    store.save(key + b".secondary", choices_to_bytes(choices))
    return _run(strategy, fails, key, seed, store)


def _run(
    strategy: SearchStrategy[Value],
    fails: Callable[[Value], bool],
    key: bytes,
    seed: int,
    store: DirectoryBasedExampleDatabase,
) -> Value:
    last: list[Value] = []

    @settings(
        database=store,
        phases=(Phase.reuse, Phase.shrink),
        deadline=None,
        verbosity=Verbosity.quiet,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def test(value: Value) -> None:
        if fails(value):
            last[:] = [value]
            raise _Fails

    test._hypothesis_internal_database_key = key  # type: ignore[attr-defined]
    test._hypothesis_internal_use_seed = seed  # type: ignore[attr-defined]
    try:
        test()
    except _Fails:
        return last[0]
    except Flaky as error:
        raise NotShrinkable("a value failed once and not again") from error
    except SkipTest as error:
        raise NotShrinkable("Hypothesis did not take the value over") from error
    raise NotShrinkable("the value does not fail when the strategy makes it")
