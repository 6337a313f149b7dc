"""Instrumented copies of a design's sources: they act as the originals, and the top knows which points are hit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pyslang import ast, syntax

from verif.coverage.model import CoverPoint, PointKind
from verif.coverage.probes.branches import Arm, CannotProbe, ProcessProbes, branches_in
from verif.coverage.probes.hierarchy import Process, Survey, survey
from verif.coverage.probes.machines import MachineProbes
from verif.design.clocked import clocked_block
from verif.design.elaboration import Elaborated, elaborate
from verif.design.expressions import symbols_in
from verif.design.model import Design
from verif.design.texts import Texts
from verif.errors import Unsupported

_P = ast.ProceduralBlockKind
_T = ast.TimingControlKind
_S = syntax.SyntaxKind
_EDGES = (ast.EdgeKind.PosEdge, ast.EdgeKind.NegEdge, ast.EdgeKind.BothEdges)


@dataclass(frozen=True, kw_only=True, slots=True)
class Instrumented:
    """What came of a design's sources."""

    texts: dict[Path, bytes]
    """Source file to its instrumented text, for the files that changed."""
    points: tuple[CoverPoint, ...]
    vector: str
    """Signal of the top module: bit n is the point n."""
    notes: tuple[str, ...]


def instrument(design: Design) -> Instrumented:
    """Return the instrumented texts of ``design``; the same sources give the same bytes.

    InputError and Unsupported where slang can't read the sources, Unsupported PE892 where the top module is out of
    reach for edits.
    """
    elaborated = elaborate(design.sources)
    return _Work(design, elaborated, Texts(elaborated, design.sources)).run()


@dataclass(slots=True)
class _Work:
    design: Design
    elaborated: Elaborated
    texts: Texts
    prefix: str = "pe"
    lines: list[str] = field(default_factory=list)
    """What goes into the top module."""
    bits: list[str] = field(default_factory=list)
    """Expression of each point, in the top module."""
    points: list[CoverPoint] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self) -> Instrumented:
        """Edit the files."""
        top = self.elaborated.top
        module = top.definition.syntax
        if self.texts.of(module.endmodule) is None:
            where = self.texts.where(module.endmodule)
            raise Unsupported(
                "PE892", "a macro or an included file ends the top module: no place for probes", where=where
            )
        self.prefix = _free_prefix(self.design.sources.files)
        found = survey(top, self.texts, self.prefix)
        for number, process in enumerate(found.processes):
            self._process(process, f"{self.prefix}_v{number}")
        self._machines(found)
        self._remarks(found)
        if self.points:
            self._collect(module)
        return Instrumented(
            texts={text.path: text.edited for text in self.texts.edited()} if self.points else {},
            points=tuple(_distinct(self.points)),
            vector=f"{self.prefix}_covers",
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def _process(self, process: Process, name: str) -> None:
        node = process.syntax
        where = self.texts.where(node.getFirstToken())
        try:
            clocked = _is_clocked(process.symbol)
        except CannotProbe as why:
            if branches_in(node.statement):
                self.notes.append(f"{where}: the branches of this process have no points: {why}.")
            return
        probes = ProcessProbes(self.texts, name, clocked, _reset_names(process.symbol))
        try:
            probes.run(node)
        except CannotProbe as why:
            self.notes.append(f"{where}: the branches of this process have no points: {why}.")
            return
        self.notes += probes.notes
        if probes.arms:
            whole = f"{name}_any"
            each = " | ".join(f"{path}{name}" for path in process.paths)
            self.lines.append(f"wire [{len(probes.arms) - 1}:0] {whole} = {each};")
            self.bits += [f"{whole}[{bit}]" for bit in range(len(probes.arms))]
            file = self.texts.file(node.getFirstToken())
            self.points += [_branch(process.module, file, arm) for arm in probes.arms]

    def _machines(self, found: Survey) -> None:
        machines = MachineProbes(self.texts, found, self.prefix, self.design.resets)
        for machine in self.design.fsms:
            machines.add(machine)
        self.lines += machines.lines
        self.bits += machines.bits
        self.points += machines.points
        self.notes += machines.notes

    def _remarks(self, found: Survey) -> None:
        """Tell of branches that nobody looks at."""
        definitions = {place.module: place.scope.body for place in found.instances}
        for body in definitions.values():
            for member in body:
                if member.kind == ast.SymbolKind.Subroutine:
                    self._subroutine(member.syntax)
        for tree in self.elaborated.compilation.getSyntaxTrees():
            for package in _packages(tree.root):
                for member in package.members:
                    self._subroutine(member)
        for interface in found.interfaces:
            for member in interface.body:
                if member.kind == ast.SymbolKind.ProceduralBlock and branches_in(member.syntax.statement):
                    where = self.texts.where(member.syntax.getFirstToken())
                    self.notes.append(f"{where}: the branches of this process have no points: it is in an interface.")

    def _subroutine(self, node: Any) -> None:
        kinds = {_S.FunctionDeclaration: "function", _S.TaskDeclaration: "task"}
        if node is not None and node.kind in kinds and branches_in(node):
            name = " ".join(str(node.prototype.name).split())
            where = self.texts.where(node.getFirstToken())
            self.notes.append(f"{where}: the branches of the {kinds[node.kind]} {name} have no points.")

    def _collect(self, module: Any) -> None:
        """Bring all points together before the top's ``endmodule``."""
        vector = [f"    {bit}{',' if number else ''}" for number, bit in reversed(list(enumerate(self.bits)))]
        lines = [*self.lines, f"wire [{len(self.bits) - 1}:0] {self.prefix}_covers = {{", *vector, "};"]
        text = self.texts.of(module.endmodule)
        assert text is not None
        text.edits.open(self.texts.start(module.endmodule), "".join(f"\n{line}" for line in lines) + "\n", module)


def _is_clocked(block: Any) -> bool:
    """Whether a process waits for edges; CannotProbe where it isn't made for synthesis."""
    kind = block.procedureKind
    if kind in (_P.AlwaysComb, _P.AlwaysLatch):
        return False
    if kind in (_P.Initial, _P.Final):
        raise CannotProbe(f"it is an {kind.name.lower()} block" if kind == _P.Initial else "it is a final block")
    if block.syntax.statement.kind != _S.TimingControlStatement:
        raise CannotProbe("it waits inside")
    timing = block.body.timing
    if timing.kind == _T.ImplicitEvent:
        return False
    events = list(timing.events) if timing.kind == _T.EventList else [timing]
    if not all(event.kind == _T.SignalEvent for event in events):
        raise CannotProbe("it doesn't wait for signals")
    return any(event.edge in _EDGES for event in events)


def _reset_names(block: Any) -> frozenset[str]:
    clocked = clocked_block(block)
    events = clocked.async_events if clocked else ()
    return frozenset(symbol.name for event in events for symbol in symbols_in(event.expr))


def _branch(module: str, file: str, arm: Arm) -> CoverPoint:
    return CoverPoint(
        id=f"{module}:{arm.line}:{arm.what}",
        kind=PointKind.BRANCH,
        title=arm.title,
        module=module,
        file=file,
        line=arm.line,
        column=arm.column,
    )


def _distinct(points: list[CoverPoint]) -> Iterator[CoverPoint]:
    """Yield points with ids of their own: where two would be equal the column is added, then a number."""
    double = {name for name, count in Counter(point.id for point in points).items() if count > 1}
    taken: set[str] = set()
    for point in points:
        name = point.id
        if name in double and point.column:
            name = name.replace(f":{point.line}:", f":{point.line}:{point.column}:", 1)
        wanted, number = name, 2
        while name in taken:
            name, number = f"{wanted}#{number}", number + 1
        taken.add(name)
        yield replace(point, id=name)


def _packages(root: Any) -> list[Any]:
    members = root.members if root.kind == _S.CompilationUnit else [root]
    return [member for member in members if member.kind == _S.PackageDeclaration]


def _free_prefix(files: tuple[Path, ...]) -> str:
    """Return a prefix that no identifier of the sources begins with."""
    texts = [file.read_bytes() for file in files if file.is_file()]
    number = 1
    while True:
        prefix = "pe" if number == 1 else f"pe{number}"
        if not any(re.search(rb"\b" + prefix.encode() + b"_", text) for text in texts):
            return prefix
        number += 1
