"""Sources older than SystemVerilog that use its keywords as names (``do``, ``logic``, ``bit``): compiled once more.

A file that ends with ``.v`` may be either language, and only a compiler's refusal tells; the front end does the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from verif.errors import Unsupported
from verif.sim.seam import BuildRequest

NOTE = "SystemVerilog's keywords are used as names, so the .v files were compiled as Verilog-2005"
_SIGNS = (b"syntax error", b"SystemVerilog keyword")


def compile_again_if_older(
    compile_once: Callable[[BuildRequest], None],
    older: Callable[[BuildRequest], BuildRequest],
    request: BuildRequest,
    log: Path,
) -> tuple[str, ...]:
    """Compile; where a ``.v`` file doesn't parse, compile ``older(request)``. Return what a user should know.

    Where that is refused too, the first refusal is raised, and ``log`` is the first one's.
    """
    try:
        compile_once(request)
    except Unsupported as refusal:
        said = log.read_bytes() if log.is_file() else b""
        if not any(_old(file) for file in request.sources.files) or not any(sign in said for sign in _SIGNS):
            raise
        log.unlink()
        try:
            compile_once(older(request))
        except Unsupported:
            log.write_bytes(said)
            raise refusal from None
        return (NOTE,)
    return ()


def with_marks(request: BuildRequest, scratch: Path) -> BuildRequest:
    """Return ``request`` with the keywords of Verilog-2005 switched on around its ``.v`` files (IEEE 1800, 22.14)."""
    begin, end = scratch / "posedge_verilog_2005.v", scratch / "posedge_systemverilog.v"
    begin.write_text('`begin_keywords "1364-2005"\n', encoding="ascii")
    end.write_text("`end_keywords\n", encoding="ascii")

    def marked() -> Iterator[Path]:
        for old, group in groupby(request.sources.files, _old):
            files = tuple(group)
            yield from (begin, *files, end) if old else files

    return replace(request, sources=replace(request.sources, files=tuple(marked())))


def with_extension(request: BuildRequest) -> BuildRequest:
    """Return ``request`` with Verilator told that ``.v`` files are Verilog-2005."""
    return replace(request, extra_args=("+1364-2005ext+v", *request.extra_args))


def _old(file: Path) -> bool:
    return file.suffix.lower() == ".v"
