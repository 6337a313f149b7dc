"""The saved result of proofs: a call that asks about some properties keeps what earlier calls said of the others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verif.workspace import Workspace

VERB = "prove"


def result_name(sources: tuple[Path, ...]) -> str:
    """Return the name under which a proof on these sources is saved; without any, on the bench's own."""
    label = "+".join(file.stem for file in sources)
    return f"{VERB}@{label}" if label else VERB


def with_earlier(
    result: Mapping[str, Any], bench: Path, name: str, workspace: Workspace, *, partial: bool
) -> dict[str, Any]:
    """Return a result together with what the saved one of that name says of other properties.

    Only where no file that the saved one read has changed since. A call that is not ``partial`` asked about all
    properties of the bench: then those of further files stay. Their assumptions are listed too.
    """
    earlier = _saved(bench, name, workspace)
    if earlier is None:
        return dict(result)
    asked = {entry["name"] for entry in result["properties"]}
    kept = [
        entry
        for entry in earlier["properties"]
        if entry["name"] not in asked and (partial or _is_further(entry, result))
    ]
    if not kept:
        return dict(result)
    note = f"{len(kept)} of these properties were answered by an earlier call"
    return {
        **result,
        "properties": [*result["properties"], *kept],
        "assumptions": _united(result["assumptions"], earlier["assumptions"]),
        "files": list(dict.fromkeys([*result["files"], *earlier["files"]])),
        "notes": [*result["notes"], note],
    }


def _saved(bench: Path, name: str, workspace: Workspace) -> Mapping[str, Any] | None:
    """Return the saved result; None where there is none or a file that it read is newer than it, or gone."""
    file = workspace.bench(bench) / f"{name}.json"
    earlier = workspace.load_results(bench).get(name) if file.is_file() else None
    if earlier is None:
        return None
    when = file.stat().st_mtime
    files = [Path(read) for read in earlier.get("files", ())]
    return earlier if all(read.is_file() and read.stat().st_mtime <= when for read in files) else None


def _is_further(entry: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    """Whether a property stands in a file that the result doesn't speak of."""
    file = str(entry.get("place") or "").rpartition(":")[0]
    return bool(file) and Path(file).is_file() and str(Path(file).resolve()) not in result["files"]


def _united(now: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({entry["name"]: entry for entry in (*before, *now)}.values())
