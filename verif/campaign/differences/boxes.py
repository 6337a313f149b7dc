"""Black boxes: what simulation puts into those that are empty, and which sources tell their ports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from verif.design.frontend import read_design
from verif.design.model import Design, Direction, SourceSet
from verif.errors import InputError
from verif.sim.content import included_files
from verif.sim.placing import placed
from verif.workspace import Workspace

_CLOCK = re.compile(r"cl(oc)?k", re.IGNORECASE)
_KEY = 0x9E3779B97F4A7C15D1B54A32D192ED03
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_DECLARATIONS = re.compile(r"\s*((input|output|inout|parameter|localparam)\b[^;]*;\s*)*\Z", re.DOTALL)


def with_answers(sources: SourceSet, boxes: Sequence[str], workspace: Workspace) -> SourceSet:
    """Return sources in which empty black boxes answer: each output is a fixed function of the inputs.

    Any function would do for a difference, as long as both versions have the same; proofs take all. InputError PE927
    where a box is used and no source tells its ports.
    """
    texts: dict[Path, bytes] = {}
    for name in boxes:
        _check(sources, name)
        for path in sources.files:
            text = texts.get(path, path.read_bytes()).decode("utf-8", errors="surrogateescape")
            found = re.search(rf"\bmodule\s+{name}\b.*?(?=\bendmodule\b)", text, re.DOTALL)
            if found and _empty(found[0]):
                box = read_design(replace(sources, top=name, manifest=None, parameters={}))
                filled = f"{text[: found.end()]}{_answers(box)}{text[found.end() :]}"
                texts[path] = filled.encode("utf-8", errors="surrogateescape")
    return placed(sources, texts, workspace, "boxes") if texts else sources


def check_boxes(top: str, versions: Sequence[SourceSet], boxes: Sequence[str]) -> None:
    """Refuse a black box that is the top, or that no source of a version names; InputError PE921."""
    files = [file for sources in versions for file in (*sources.files, *included_files(sources))]
    text = _COMMENT.sub("", "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files))
    for name in boxes:
        if name == top:
            raise InputError("PE921", f"--blackbox {name}: that is the top itself, so nothing would be compared")
        if not re.search(rf"\b{re.escape(name)}\b", text):
            raise InputError("PE921", f"--blackbox {name}: no source of either version names such a module")


def _check(sources: SourceSet, name: str) -> None:
    texts = [_COMMENT.sub("", path.read_text(encoding="utf-8", errors="replace")) for path in sources.files]
    used = any(re.search(rf"\b{name}\b", text) for text in texts)
    if used and not any(re.search(rf"\bmodule\s+{name}\b", text) for text in texts):
        raise InputError(
            "PE927",
            f"nothing says what ports the black box {name} has",
            where=", ".join(str(file) for file in sources.files[:3]),
            hint=f"add a file with its ports alone: module {name} (...); endmodule",
        )


def _empty(module: str) -> bool:
    """Return whether nothing but declarations of ports stands behind the header."""
    return bool(_DECLARATIONS.match(_COMMENT.sub("", module).partition(";")[2]))


def _answers(box: Design) -> str:
    inputs = [port for port in box.ports if port.direction is Direction.INPUT and not _CLOCK.search(port.name)]
    taken = f"{{{', '.join(port.name for port in inputs)}}}" if inputs else "1'b0"
    lines = [
        f"  assign {port.name} = {{16{{{taken}}}}} ^ 128'h{_turned(number):x};\n"
        for number, port in enumerate(box.outputs)
    ]
    return "\n" + "".join(lines)


def _turned(number: int) -> int:
    place = 7 * number % 128
    return (_KEY << place | _KEY >> (128 - place)) & ((1 << 128) - 1)
