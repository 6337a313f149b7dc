"""Files that show a difference without us: a cocotb test that passes on OLD and fails on NEW."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from verif.campaign.differences.result import Difference
from verif.campaign.differences.versions import Versions
from verif.design.model import Edge, SourceSet

_TEST = '''\
"""{title}.

{where}. On OLD this test passes, on NEW it fails.

    python {file} old
    python {file} new

SIM=icarus or SIM=verilator chooses the simulator; {simulator} is the usual one.
"""

import os
import sys
from pathlib import Path

import cocotb
from cocotb.triggers import Timer

HERE = Path(__file__).resolve().parent
TOP = {{"old": {old_top!r}, "new": {new_top!r}}}
SOURCES = {{
    "old": {old_sources},
    "new": {new_sources},
}}
INCLUDES = {{"old": {old_includes}, "new": {new_includes}}}
DEFINES = {{"old": {old_defines!r}, "new": {new_defines!r}}}
PARAMETERS = {{"old": {old_parameters!r}, "new": {new_parameters!r}}}

REST = {rest!r}  # clock to its level before its active edge
EDGES = {edges!r}  # the clocks of EDGES[cycle % {period}] have their edge at the end of a cycle
RENAMED = {renamed!r}  # ports that NEW calls otherwise
TIED = {ties!r}  # inputs that only NEW has
INPUTS = {inputs!r}
ROWS = [  # the inputs in each cycle
{rows}
]
FIRST = {first}  # the reset ends before this cycle
OUTPUTS = {outputs!r}
SHOWN = [  # what OLD shows in each cycle, bit by bit
{shown}
]


def port(dut, name):
    """Return a port by the name that OLD has for it."""
    return getattr(dut, name if os.environ.get("VERSION") != "new" else RENAMED.get(name, name))


def differs(expected, seen):
    """Return whether {rule}."""
    return {differs}


@cocotb.test()
async def test_difference(dut):
    """Drive the inputs of the run, and compare the outputs with what OLD shows."""
    for clock, level in REST.items():
        port(dut, clock).value = level
    if os.environ.get("VERSION") == "new":
        for name, value in TIED.items():
            getattr(dut, name).value = value
    for cycle, row in enumerate(ROWS):
        for name, value in zip(INPUTS, row):
            port(dut, name).value = value
        await Timer(2, "ns")
        for name, expected in zip(OUTPUTS, SHOWN[cycle]):
            seen = str(port(dut, name).value).lower()
            if cycle >= FIRST:
                assert not differs(expected, seen), f"cycle {{cycle}}: {{name}} is {{seen}}, OLD shows {{expected}}"
        for level in (1, 0):
            for clock in EDGES[cycle % {period}]:
                port(dut, clock).value = REST[clock] ^ level
            await Timer(2, "ns")


def main(version):
    """Build and run one version."""
    from cocotb_tools.runner import get_results, get_runner

    runner = get_runner(os.environ.get("SIM", {simulator!r}))
    runner.build(
        sources=[HERE / name for name in SOURCES[version]],
        includes=[HERE / name for name in INCLUDES[version]],
        defines=DEFINES[version],
        parameters=PARAMETERS[version],
        hdl_toplevel=TOP[version],
        timescale=("1ns", "1ps"),
        build_dir=HERE / f"build_{{version}}",
        always=True,
    )
    results = runner.test(
        hdl_toplevel=TOP[version],
        test_module=Path(__file__).stem,
        build_dir=HERE / f"build_{{version}}",
        test_dir=HERE,
        extra_env={{"VERSION": version, "PYTHONPATH": str(HERE)}},
    )
    return get_results(results)[1]


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1]) else 0)
'''


def save_test(found: Difference, versions: Versions, folder: Path, reset_ticks: int) -> Path:
    """Write the cocotb test into ``folder`` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"test_{versions.old.top}_difference.py"
    file.write_text(test_text(found, versions, file, reset_ticks), encoding="utf-8")
    return file


def test_text(found: Difference, versions: Versions, file: Path, reset_ticks: int) -> str:
    """Return the cocotb test."""
    clocks = [clock.name for clock in versions.old.clocks]
    stimulus = found.stimulus
    inputs = [name for name in stimulus.ports if name not in clocks]
    places = [stimulus.ports.index(name) for name in inputs]
    edges = [[clock for clock in clocks if stimulus.row(tick)[clock]] for tick in range(len(stimulus))]
    if all(each == edges[0] for each in edges):
        edges = edges[:1]
    title = f"Tell two versions of {versions.old.top} apart"
    exact = "two values differ, where an unknown bit is a value too"
    known = "a bit that OLD knows has another value"
    return _TEST.format(
        title=title,
        where=_sentence(found.sentence),
        file=file.name,
        simulator=found.judged_on,
        **_sources("old", versions.old.top, versions.old.sources, file.parent),
        **_sources("new", versions.new.top, versions.new.sources, file.parent),
        rest={clock.name: int(clock.edge is Edge.FALLING) for clock in versions.old.clocks},
        edges=edges,
        period=len(edges),
        renamed=dict(versions.pairing.ports),
        ties=dict(versions.pairing.ties),
        inputs=tuple(inputs),
        rows="\n".join(_table([[row[place] for place in places] for row in stimulus.rows])),
        first=reset_ticks,
        outputs=tuple(found.ports),
        shown="\n".join(_table(list(zip(*(found.shown[port] for port in found.ports), strict=True)))),
        rule=exact if found.unknown else known,
        differs="expected != seen" if found.unknown else 'any(a in "01" and a != b for a, b in zip(expected, seen))',
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sources(side: str, top: str, sources: SourceSet, folder: Path) -> dict[str, object]:
    def relative(paths: Sequence[Path]) -> list[str]:
        return [os.path.relpath(path, folder) for path in paths]

    return {
        f"{side}_top": top,
        f"{side}_sources": relative(sources.files),
        f"{side}_includes": relative(sources.include_dirs),
        f"{side}_defines": dict(sources.defines),
        f"{side}_parameters": dict(sources.parameters),
    }


def _table(rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Yield a line for each row."""
    for row in rows:
        items = ", ".join(repr(value) for value in row)
        yield f"    ({items},)," if len(row) == 1 else f"    ({items}),"
