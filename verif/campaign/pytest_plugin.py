"""The pytest plugin: the fixture ``posedge_batch``. It loads nothing heavy until a test asks for the fixture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from verif.search.compiled import Compiled


@pytest.fixture(scope="session")
def posedge_batch(request: pytest.FixtureRequest) -> Iterator[Callable[..., Compiled]]:
    """Compile the design of a drafted bench: ``posedge_batch("tb/sync_fifo")``, once a session.

    The path counts from pytest's root directory. ``sources=[...]`` takes the place of the bench's RTL, ``config=...``
    chooses a configuration.
    """
    from contextlib import ExitStack

    from verif.campaign.benches.compiled import compiled_bench
    from verif.workspace import Workspace

    root = request.config.rootpath
    known: dict[tuple[Path, tuple[Path, ...], str | None], Compiled] = {}
    with ExitStack() as stack:

        def compiled(bench: str | Path, *, sources: Sequence[str | Path] = (), config: str | None = None) -> Compiled:
            """Return the compiled design; the same arguments give the same one."""
            place = (root / bench).resolve()
            files = tuple((root / file).resolve() for file in sources)
            key = (place, files, config)
            if key not in known:
                context = compiled_bench(place, sources=files, config=config, workspace=Workspace.locate(place))
                known[key] = stack.enter_context(context)
            return known[key]

        yield compiled
