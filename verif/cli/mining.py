"""``posedge prove --mine``: invariants that a design keeps, as assertions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from verif.cli.display import Display
from verif.cli.session import SCHEMA, Session
from verif.cli.signals import interrupted_by_sigterm
from verif.cli.tidying import tidy

if TYPE_CHECKING:
    from verif.campaign.proofs.mining import MineResult


def mine_verb(
    session: Session, bench: Path, *, seconds: float, solver: str, sources: tuple[Path, ...], config: str | None
) -> int:
    """Mine a bench, tell and keep the result; return the exit code."""
    from verif.campaign.ledger import Ledger, LedgerEntry
    from verif.campaign.proofs.mining import MineOptions, mine_bench
    from verif.sim.process import Processes
    from verif.workspace import Workspace

    options = MineOptions(seconds=seconds, seed=session.seed, solver=solver, sources=sources, config=config)
    workspace, processes = Workspace.locate(bench), Processes()
    display = Display(session)
    try:
        with interrupted_by_sigterm(), display.shown():
            result = mine_bench(
                bench,
                options,
                workspace=workspace,
                processes=processes,
                progress=display.say,
            )
    finally:
        processes.stop()
    found = result.as_json()
    workspace.save_result(result.bench, "mine", {"schema": SCHEMA, "verb": "prove", **found})
    outcome = f"{len(result.kept)} mined"
    Ledger(workspace.ledger).record(
        LedgerEntry(
            bench=str(result.bench), verb="prove", seconds=result.seconds, lines=_lines(result.file), outcome=outcome
        )
    )
    for line in tell(result):
        session.say(line)
    session.result("prove", found)
    tidy(session, workspace)
    return 0


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def tell(result: MineResult) -> Iterator[str]:
    """Tell what was mined to people."""
    for label, text, mined in result.kept:
        yield f"PROVED   RECORDED {label}: {text}"
        yield f"         {mined.proof.method}, depth {mined.proof.depth}"
    mining = result.mining
    for note in (mining.why, result.note):
        if note:
            yield f"note: {note}"
    yield (
        f"{mining.guessed} candidates; {mining.sifted} hold in {mining.cycles:,} cycles; {len(mining.mined)} proved; "
        f"{result.independent} of the design alone that don't follow from others"
    )
    yield f"{result.bench.name}: {len(result.kept)} invariants in {result.file} in {result.seconds:.0f} s"
