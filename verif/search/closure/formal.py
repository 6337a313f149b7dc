"""The prover that asks real solvers: ``verif.formal`` behind the seam of ``solving``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from verif.errors import InputError, ToolError
from verif.formal.reach import Witness, reach, search
from verif.formal.solver import AUTO, SMT, command_of
from verif.formal.top import Question
from verif.formal.unreachable import Proof, unreachable
from verif.harness.model import FieldKind, Harness
from verif.search.closure.corpus import Rows
from verif.search.closure.solving import Finding, Told
from verif.search.shrink_rows import RowShape
from verif.sim.process import Processes

_RELEASED = "released"
"""Id of the question whether a run meets the assumptions at all."""
_FIRST_TICKS = 8
"""Where a proof is asked for before any search: how far to look for such a run."""


class FormalProver:
    """Asks one solver about one harness; files go to ``folder``."""

    def __init__(self, harness: Harness, folder: Path, *, solver: str) -> None:
        self._harness = harness
        self._folder = folder
        self._solver = solver
        self._shape = RowShape(harness.stimulus)
        self._processes = Processes()
        self._meaningful = False
        self._assumptions = [monitor.fail for monitor in harness.monitors if monitor.assumption]

    def reach(
        self,
        bases: Mapping[str, int],
        *,
        known: Sequence[str],
        depth: int,
        seconds: float,
        quick: bool,
        told: Told,
    ) -> str:
        """Tell a stimulus for each point that is reached, then how far the search came for the others.

        InputError PE852 where no run meets the assumptions.
        """

        def heard(name: str, witness: Witness) -> None:
            told(Finding(id=name, rows=self._rows(witness), certain=witness.certain))

        try:
            self._check_assumptions(depth, seconds)
            found = reach(
                self._harness,
                tuple(bases),
                self._place("reach"),
                depth=depth,
                seconds=seconds,
                solver=self._engine(quick),
                processes=self._processes,
                told=heard,
                known=known,
                assumptions=self._assumptions,
                clean=min(bases.values()),
            )
        except ToolError as error:
            return _in_no_time(error)
        if found.dead is not None:
            raise _no_run(found.dead)
        for name in bases:
            if name not in found.witnesses:
                told(Finding(id=name, depth=found.bound))
        return found.why

    def unreachable(
        self, bases: Mapping[str, int], *, known: Sequence[str], seconds: float, quick: bool, told: Told
    ) -> str:
        """Tell each point that is proven; InputError PE852 where no run meets the assumptions."""

        def heard(name: str, proof: Proof) -> None:
            told(Finding(id=name, method=proof.method, depth=proof.depth))

        try:
            self._check_assumptions(_FIRST_TICKS, seconds)
            if self._assumptions and not self._meaningful:
                return "whether any run meets the assumptions is not known yet"
            found = unreachable(
                self._harness,
                tuple(bases),
                self._place("prove"),
                base=bases,
                seconds=seconds,
                solver=self._engine(quick),
                processes=self._processes,
                told=heard,
                known=known,
                assumptions=self._assumptions,
            )
        except ToolError as error:
            return _in_no_time(error)
        return found.why

    def _check_assumptions(self, depth: int, seconds: float) -> None:
        """Look for a run that meets the assumptions in a tick without a reset, once; PE852 where there is none."""
        if not self._assumptions or self._meaningful:
            return
        resets = [field.name for field in self._harness.stimulus if field.kind is FieldKind.RESET]
        released = " & ".join(f"!harness.{name}" for name in resets) or "1'b1"
        found = search(
            self._harness,
            [Question(id=_RELEASED, expression=released)],
            self._place("assumptions"),
            depth=depth,
            seconds=seconds,
            solver=self._solver,
            processes=self._processes,
            told=None,
            assumptions=self._assumptions,
            known=(),
        )
        if not found.why and _RELEASED not in found.witnesses:
            raise _no_run(0)
        self._meaningful = _RELEASED in found.witnesses

    def stop(self) -> None:
        """End the solver's processes."""
        self._processes.stop()

    def _engine(self, quick: bool) -> str:
        """Return what to ask: in place of all engines the solver on words, which need not make bits of everything."""
        if not quick or self._solver != AUTO:
            return self._solver
        try:
            command_of(SMT)
        except ToolError:
            return self._solver
        return SMT

    def _place(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _rows(self, witness: Witness) -> Rows:
        return self._shape.pack(witness.rows)


def _no_run(ticks: int) -> InputError:
    """Return what to say where no run is long enough to mean anything."""
    lasts = f"for more than {ticks} ticks after the reset" if ticks else "once the reset is over"
    return InputError(
        "PE852",
        f"the assumptions contradict one another: no run meets them {lasts}",
        allowed="with such assumptions everything could be proven, so nothing is",
        hint="'posedge prove' tells which assumptions there are",
    )


def _in_no_time(error: ToolError) -> str:
    """Return why a job is not complete where Yosys took all of its time; a later job gets more."""
    if error.code != "PE871":
        raise error
    return error.sentence
