"""A bench that nothing judges: what is missing, and what helps."""

from __future__ import annotations

from verif.campaign.benches.run import BenchRun
from verif.errors import InputError

_HELPS_DRAFTED = "draft it again with a specification that tells what the design is, 'posedge draft --spec'"
_NO_SPECIFICATION = "bench.toml names no specification"
_HELPS_ADOPTED = "name one that tells what the design is, as in 'spec = \"spec.md\"'"


def nothing_judges(run: BenchRun) -> InputError:
    """Return PE841 for a bench without a check."""
    if run.manifest.adopted:
        named = "what its specification says is not known" if run.manifest.spec else _NO_SPECIFICATION
        why, hint = f"no rule is known for its ports, and {named}", _HELPS_ADOPTED
    else:
        why, hint = "the bench has neither a reference model nor a rule", _HELPS_DRAFTED
    return InputError("PE841", f"nothing judges this design: {why}", where=str(run.directory), hint=hint)
