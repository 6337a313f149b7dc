"""``posedge generate``: write RTL from a specification, judged."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verif.cli.model_option import chosen_model, model_option
from verif.cli.progress import bar
from verif.cli.session import Session, verb
from verif.errors import InputError

if TYPE_CHECKING:
    from llm_assist.model import Model
    from llm_assist.rtl_shape import Shape
    from llm_assist.rtl_writer import RtlDrafts
    from verif.campaign.generation.generated import Generated
    from verif.campaign.generation.generation import Attempt
    from verif.campaign.generation.judge import Judge
    from verif.design.model import Design
    from verif.plan.spec import Specification

_EXIT = {"ACCEPTED": 0, "REJECTED": 1, "UNJUDGED": 4}


@verb
@click.option("--spec", type=click.Path(path_type=Path), metavar="F", required=True, help="The specification.")
@click.option(
    "--interface",
    type=click.Path(path_type=Path),
    metavar="SRC",
    help="RTL with the module's head; else the spec's ports.",
)
@model_option
@click.option("--out", type=click.Path(path_type=Path), metavar="F", help="The file to write; <module>.sv unless told.")
@click.option("--reference", type=click.Path(path_type=Path), metavar="SRC", help="Golden RTL to compare with.")
@click.option("--n", "count", type=click.IntRange(1, 64), default=16, show_default=True, help="Drafts to ask for.")
def generate(
    session: Session,
    spec: Path,
    interface: Path | None,
    model: str | None,
    out: Path | None,
    reference: Path | None,
    count: int,
) -> int:
    """Write RTL from a specification; it is accepted only if something that can reject it did not.

    Each draft is compiled with slang, Icarus and Verilator and compared with golden RTL (--reference) or with the
    reference model that the specification's kind has in the library, all inside a sandbox.

    Exit code 0: accepted; 1: every draft was rejected; 4: it compiles, but nothing could judge it.
    """
    from llm_assist.registry import load_model
    from llm_assist.rtl_shape import shape_of
    from verif.campaign.generation.generated import record, write
    from verif.plan.spec import read_specification
    from verif.workspace import Workspace

    start = time.monotonic()
    asked = load_model(_named(chosen_model(model)))
    specification = read_specification(spec)
    design = _interface(specification, interface, reference)
    shape = shape_of(design)
    file = out or Path(f"{design.top}.sv")
    _demand_own_file(file, spec, interface, reference)
    with tempfile.TemporaryDirectory(prefix="posedge-generate-") as scratch, bar(session, "judging") as progress:
        judge = _judge(design, specification, reference, session.seed, Path(scratch))
        ask = _Asking(asked, shape, specification.text, judge, session.seed, Path(scratch), progress)
        ask.write(count)
        if ask.repairable:
            ask.repair()
        made = ask.made(specification.path.name, time.monotonic() - start)
    written = write(made, file)
    for line in _told(made, written):
        session.say(line)
    session.result("generate", made.payload(written))
    record(made, written, Workspace.locate(file.parent))
    return _EXIT[made.outcome]


command = generate


class _Asking:
    """The rounds of one call: drafts in one batch, and one repair where the model can read findings."""

    def __init__(
        self,
        model: Model,
        shape: Shape,
        specification: str,
        judge: Judge,
        seed: int,
        scratch: Path,
        progress: Callable[[int, int, str], None],
    ) -> None:
        self.model = model
        self.shape = shape
        self.specification = specification
        self.judge = judge
        self.seed = seed
        self.scratch = scratch
        self.progress = progress
        self.attempts: list[Attempt] = []
        self.rounds: list[RtlDrafts] = []

    def write(self, count: int) -> None:
        """Ask for ``count`` drafts and judge them."""
        from llm_assist.rtl_writer import write_rtl

        self.progress(0, count, f"asking {self.model.name}")
        self._judge(write_rtl(self.model, self.shape, self.specification, n=count, seed=self.seed))

    @property
    def repairable(self) -> bool:
        """Whether the model follows instructions and something was found."""
        return self.model.capabilities.instructable and bool(self.attempts) and bool(self._best.finding)

    def repair(self) -> None:
        """Show the model its best draft with what was found, once."""
        from llm_assist.rtl_writer import repair_rtl

        best = self._best
        self._judge(
            repair_rtl(
                self.model, self.shape, self.specification, draft=best.text, findings=[best.finding], seed=self.seed
            )
        )

    def made(self, specification: str, seconds: float) -> Generated:
        """Return everything, judged."""
        from verif.campaign.generation.generated import Generated
        from verif.campaign.generation.generation import outcome_of

        return Generated(
            top=self.shape.name,
            outcome=outcome_of(self.attempts, self.judge),
            attempts=tuple(self.attempts),
            drafts=sum(drafts.answered for drafts in self.rounds),
            judge=self.judge,
            model=self.model.name,
            seed=self.seed,
            specification=specification,
            prompt_digest=self.rounds[0].prompt_digest,
            prompt_tokens=sum(drafts.prompt_tokens for drafts in self.rounds),
            completion_tokens=sum(drafts.completion_tokens for drafts in self.rounds),
            repairs=len(self.rounds) - 1,
            seconds=seconds,
        )

    @property
    def _best(self) -> Attempt:
        return max(self.attempts, key=lambda attempt: attempt.rank)

    def _judge(self, drafts: RtlDrafts) -> None:
        from verif.campaign.generation.generation import judge_drafts

        total = len(drafts.texts)
        folder = self.scratch / f"round{len(self.rounds)}"
        self.rounds.append(drafts)
        self.attempts += judge_drafts(
            drafts.texts, self.judge, scratch=folder, progress=lambda done: self.progress(done, total, "")
        )


def _named(model: str | None) -> str:
    if model is None:
        raise InputError(
            "PE526", "generate needs a language model", hint="name one with --model; 'posedge models' lists them"
        )
    return model


def _interface(specification: Specification, interface: Path | None, reference: Path | None) -> Design:
    """Return the module to write: the given head's, else the reference's, else what the specification's ports say."""
    from verif.design.frontend import read_design
    from verif.design.sources import resolve_sources
    from verif.plan.interface import interface_of, with_named_clocks

    if interface is not None:
        return with_named_clocks(read_design(resolve_sources([interface])), specification.text)
    if reference is not None:
        return read_design(resolve_sources([reference]))
    return interface_of(specification)


def _judge(design: Design, specification: Specification, reference: Path | None, seed: int, scratch: Path) -> Judge:
    """Return the best judge there is: golden RTL, else a reference model, else one that expects nothing."""
    from verif.campaign.generation.judges import judge_from_library, judge_from_rtl, stimulus_alone
    from verif.design.sources import resolve_sources

    if reference is not None:
        return judge_from_rtl(resolve_sources([reference]), design, specification, seed=seed, scratch=scratch)
    found = judge_from_library(design, specification, seed=seed)
    return found or stimulus_alone(design, specification, seed=seed)


def _demand_own_file(file: Path, *inputs: Path | None) -> None:
    """InputError where the output would overwrite what it is made from."""
    if any(given and given.exists() and file.exists() and file.samefile(given) for given in inputs):
        raise InputError(
            "PE528", "the output would overwrite an input", where=str(file), hint="name another with --out"
        )


def _told(made: Generated, written: Path | None) -> Iterator[str]:
    from verif.campaign.generation.generated import findings

    yield f"{made.outcome}  {made.top}"
    judge = made.judge
    if judge.origin:
        kind = "all inputs" if judge.exhaustive else f"{len(judge.stimulus)} cycles"
        yield f"  judged against {judge.origin}, {kind}"
        if judge.variants.total:
            yield f"  the judge rejects {judge.variants} broken variants of the reference"
        for doubt in judge.doubts:
            yield f"  doubt: {doubt}"
    else:
        yield "  compiles, not judged: no reference model fits; give golden RTL with --reference"
    told = ", ".join(findings(made.attempts))
    yield f"  {made.drafts} drafts, {len(made.attempts)} different ones judged{f': {told}' if told else ''}"
    yield f"  {made.model}: {made.prompt_tokens} prompt tokens, {made.completion_tokens} completion tokens"
    if made.best and made.best.finding:
        yield f"  the best: {made.best.finding}"
    if written:
        yield f"  written to {written}"
