"""Coverage as UCIS XML (Accellera UCIS 1.0, chapter 9), which PyUCIS and commercial coverage viewers read.

All instances of a module count together, so each module stands as one instance. Tests are history nodes, and each bin
names those that hit it. A point that is unreachable or waived is *excluded* with the reason, in a covergroup an
``ignore`` bin. Written with the standard library: PyUCIS writes neither exclusions nor the tests of a bin.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from xml.etree import ElementTree

from verif.coverage.formats.arms import arm_of, statement_of
from verif.coverage.model import Coverage, PointKind, PointResult
from verif.plan.model import Testplan
from verif.verdict import PointStatus

Element = ElementTree.Element

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COVER = "cover:"
"""How the id of a point begins that stands for a ``cover`` property."""
_PLAN = "testplan.yaml"
"""Where functional points come from."""


def ucis(coverage: Coverage, *, top: str, written: datetime, plan: Testplan | None = None) -> str:
    """Return the XML document; ``plan`` tells the values of bins and what a cross crosses."""
    return _Writer(coverage, top, written, plan).text()


def excluded(result: PointResult) -> str:
    """Return why a point is out of the count; empty where it counts."""
    if result.status is PointStatus.UNREACHABLE:
        method = f" by {result.method}" if result.method else ""
        return f"proven unreachable{method}" + (f" at depth {result.bound}" if result.bound is not None else "")
    return f"waived: {result.waiver.reason}" if result.waived and result.waiver else ""


class _Writer:
    def __init__(self, coverage: Coverage, top: str, written: datetime, plan: Testplan | None) -> None:
        self._coverage = coverage
        self._top = top
        self._written = written.replace(tzinfo=None).isoformat(timespec="seconds")
        self._plan = {point.name: point for point in plan.coverage} if plan else {}
        files = sorted({result.point.file for result in coverage.points if result.point.file})
        self._files = {name: number for number, name in enumerate([*files, _PLAN], start=1)}
        self._tests = {name: number for number, name in enumerate(sorted(coverage.tests))}

    def text(self) -> str:
        root = Element("UCIS", ucisVersion="1.0", writtenBy="posedge", writtenTime=self._written)
        for name, number in self._files.items():
            _add(root, "sourceFiles", fileName=name, id=number)
        for name, number in self._tests.items() or {"posedge": 0}.items():
            self._history(root, name, number)
        modules = self._modules()
        for number, (name, points) in enumerate(modules.items()):
            self._instance(root, name, number, points)
        ElementTree.indent(root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'

    def _modules(self) -> Mapping[str, Sequence[PointResult]]:
        modules: dict[str, list[PointResult]] = {self._top: []}
        for result in self._coverage.points:
            modules.setdefault(result.point.module or self._top, []).append(result)
        return modules

    def _history(self, root: Element, name: str, number: int) -> None:
        _add(
            root,
            "historyNodes",
            historyNodeId=number,
            logicalName=name,
            physicalName=name,
            kind="UCIS_HISTORYNODE_TEST",
            testStatus="true",
            date=self._written,
            toolCategory="UCIS:Simulator",
            ucisVersion="1.0",
            vendorId="posedge",
            vendorTool="posedge",
            vendorToolVersion="1",
        )

    def _instance(self, root: Element, module: str, number: int, points: Sequence[PointResult]) -> None:
        top = {} if module == self._top else {"parentInstanceId": 0}
        key = {"name": module, "key": number, "instanceId": number, "moduleName": module}
        instance = _add(root, "instanceCoverages", **key, **top)
        first = next((p.point for p in points if p.point.file), None)
        self._place(instance, "id", first.file if first else _PLAN, 1)
        self._branches(instance, [p for p in points if p.point.kind is PointKind.BRANCH])
        self._machines(instance, [p for p in points if p.point.kind in (PointKind.STATE, PointKind.ARC)])
        functional = [p for p in points if p.point.kind in (PointKind.BIN, PointKind.CROSS)]
        self._properties(instance, [p for p in functional if p.point.id.startswith(_COVER)])
        self._covergroup(instance, module, [p for p in functional if not p.point.id.startswith(_COVER)])

    def _branches(self, instance: Element, points: Sequence[PointResult]) -> None:
        if not points:
            return
        coverage = _add(instance, "branchCoverage")
        for name, arms in _grouped(points, lambda p: statement_of(p.point)).items():
            kind = "case" if any(arm_of(arm.point).startswith("case") for arm in arms) else "if"
            statement = _add(coverage, "statement", branchExpr=name, statementType=kind)
            self._place(statement, "id", arms[0].point.file, arms[0].point.line)
            for arm in arms:
                branch = _add(statement, "branch")
                self._place(branch, "id", arm.point.file, arm.point.line)
                self._bin(branch, "branchBin", arm, alias=arm_of(arm.point))

    def _machines(self, instance: Element, points: Sequence[PointResult]) -> None:
        if not points:
            return
        coverage = _add(instance, "fsmCoverage")
        for name, machine in _grouped(points, lambda p: p.point.id.rpartition(":")[0]).items():
            fsm = _add(coverage, "fsm", name=name.removeprefix("fsm:"), type="reg")
            states = [p for p in machine if p.point.kind is PointKind.STATE]
            for number, state in enumerate(states):
                label = state.point.id.rpartition(":")[2]
                self._bin(_add(fsm, "state", stateName=label, stateValue=number), "stateBin", state)
            for arc in (p for p in machine if p.point.kind is PointKind.ARC):
                step = _add(fsm, "stateTransition")
                for label in arc.point.id.rpartition(":")[2].split("->"):
                    _add(step, "state").text = _plain(label)
                self._bin(step, "transitionBin", arc)

    def _properties(self, instance: Element, points: Sequence[PointResult]) -> None:
        if not points:
            return
        coverage = _add(instance, "assertionCoverage")
        for result in points:
            name = result.point.id.removeprefix(_COVER)
            self._bin(_add(coverage, "assertion", name=name, assertionKind="cover"), "coverBin", result)

    def _bin(self, parent: Element, tag: str, result: PointResult, **attributes: object) -> None:
        reason = excluded(result)
        told = {"excluded": "true", "excludedReason": reason} if reason else {}
        element = _add(parent, tag, **attributes, **told)
        self._contents(element, result)
        self._told(element, result)

    def _contents(self, parent: Element, result: PointResult) -> None:
        """Count tests; a hit that is known of no test counts once."""
        by = [number for name, number in self._tests.items() if result.point.id in self._coverage.tests[name]]
        count = len(by) or int(result.status is PointStatus.HIT)
        contents = _add(parent, "contents", coverageCount=count)
        for number in by:
            _add(contents, "historyNodeId").text = str(number)

    def _told(self, parent: Element, result: PointResult) -> None:
        facts = {"posedge_id": result.point.id, "posedge_status": str(result.status), "posedge_by": result.by}
        facts |= {"posedge_excluded": excluded(result), "posedge_witness": result.witness}
        for key, value in facts.items():
            if value:
                _add(parent, "userAttr", key=key, type="str").text = _plain(value)

    def _covergroup(self, instance: Element, module: str, points: Sequence[PointResult]) -> None:
        if not points:
            return
        group = _add(_add(instance, "covergroupCoverage"), "cgInstance", name=f"{module}_plan", key=0)
        _add(group, "options", per_instance="true", merge_instances="true")
        named = _add(group, "cgId", cgName=f"{module}_plan", moduleName=module)
        self._place(named, "cginstSourceId", _PLAN, 1)
        self._place(named, "cgSourceId", _PLAN, 1)
        bins = _grouped((p for p in points if p.point.kind is PointKind.BIN), self._goal)
        for number, (name, listed) in enumerate(bins.items()):
            self._coverpoint(group, name, number, listed)
        crosses = _grouped((p for p in points if p.point.kind is PointKind.CROSS), self._goal)
        for number, (name, listed) in enumerate(crosses.items()):
            self._cross(group, name, number, listed, bins)

    def _goal(self, result: PointResult) -> str:
        """Return the cover point of the plan that a bin belongs to; its name may hold a dot."""
        rest = result.point.id.partition(":")[2]
        return next((name for name in self._plan if rest.startswith(f"{name}.")), rest.partition(".")[0])

    def _coverpoint(self, group: Element, name: str, key: int, points: Sequence[PointResult]) -> None:
        coverpoint = _add(group, "coverpoint", name=name, key=key, exprString=self._port(name))
        _add(coverpoint, "options")
        for number, result in enumerate(points):
            label = result.point.id.removeprefix(f"bin:{name}.")
            kind = "ignore" if excluded(result) else "bins"
            element = _add(coverpoint, "coverpointBin", name=label, key=number, type=kind)
            low, high = self._values(name, label, number)
            self._contents(_add(element, "range", **{"from": low, "to": high}), result)
            self._told(element, result)

    def _port(self, name: str) -> str:
        return (self._plan[name].port or name) if name in self._plan else name

    def _values(self, name: str, label: str, number: int) -> tuple[int, int]:
        """Return the bin's values; without a plan its number, since the format asks for some."""
        bins = self._plan[name].bins if name in self._plan else {}
        return bins.get(label, (number, number))

    def _cross(
        self,
        group: Element,
        name: str,
        key: int,
        points: Sequence[PointResult],
        bins: Mapping[str, Sequence[PointResult]],
    ) -> None:
        cross = _add(group, "cross", name=name, key=key)
        _add(cross, "options")
        crossed = [goal for goal in self._plan[name].cross if goal in bins] if name in self._plan else []
        for goal in crossed:
            _add(cross, "crossExpr").text = _plain(goal)
        order = {goal: [p.point.id.removeprefix(f"bin:{goal}.") for p in bins[goal]] for goal in crossed}
        for number, result in enumerate(points):
            label = result.point.id.removeprefix(f"cross:{name}.")
            element = _add(cross, "crossBin", name=label, key=number, type="ignore" if excluded(result) else "bins")
            for index in _indices(label, [order[goal] for goal in crossed]) or [number]:
                _add(element, "index").text = str(index)
            self._contents(element, result)
            self._told(element, result)

    def _place(self, parent: Element, tag: str, file: str, line: int) -> None:
        _add(parent, tag, file=self._files.get(file, self._files[_PLAN]), line=max(line, 1), inlineCount=1)


def _indices(label: str, order: Sequence[Sequence[str]]) -> list[int]:
    """Return which bin of each crossed point ``label`` names: bins joined by dots, which their names may hold too."""
    if not order:
        return []
    for number, name in enumerate(order[0]):
        if len(order) == 1 and label == name:
            return [number]
        if len(order) > 1 and label.startswith(f"{name}.") and (rest := _indices(label[len(name) + 1 :], order[1:])):
            return [number, *rest]
    return []


def _grouped(points: Iterable[PointResult], key: Callable[[PointResult], str]) -> Mapping[str, Sequence[PointResult]]:
    groups: dict[str, list[PointResult]] = defaultdict(list)
    for point in points:
        groups[key(point)].append(point)
    return groups


def _add(parent: Element, tag: str, **attributes: object) -> Element:
    return ElementTree.SubElement(parent, tag, {name: _plain(str(value)) for name, value in attributes.items()})


def _plain(text: str) -> str:
    """Return ``text`` without what XML can't hold."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
