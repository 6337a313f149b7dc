"""UCIS XML, valid by the standard's schema and read back by PyUCIS with the same counts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.coverage import HIT, IDS, UNKNOWN, UNREACHABLE, coverage, point, result
from tests.support.tools import package_folder
from verif.coverage.formats.ucis import ucis
from verif.coverage.model import Coverage, PointKind, Waiver
from verif.plan.model import CoverPoint as Goal
from verif.plan.model import Testplan

WRITTEN = datetime(2027, 3, 31, 12, 0, tzinfo=UTC)
PLAN = Testplan(
    dut="fifo",
    drivers=(),
    points=(),
    coverage=(
        Goal(name="count", port="count", bins={"max": (8, 8), "min": (0, 0)}),
        Goal(name="full.now", port="full", bins={"no": (0, 0), "yes": (1, 1)}),
        Goal(name="both", cross=("count", "full.now")),
    ),
)
FIFO = coverage(
    result("fifo:10:if", HIT),
    result("fifo:10:else", UNREACHABLE, method="induction", bound=3),
    result("fifo:42:case_IDLE", waiver=Waiver(pattern="*", reason="no <test> mode")),
    result("fsm:state:IDLE", HIT),
    result("fsm:state:RUN"),
    result("fsm:state:IDLE->RUN", HIT),
    result("bin:count.max", HIT),
    result("bin:count.min"),
    result("bin:full.now.no", HIT),
    result("bin:full.now.yes", UNREACHABLE),
    result("cross:both.max.no", HIT),
    result("cross:both.min.no"),
    result("cover:full_written", HIT, point=point("cover:full_written", kind=PointKind.BIN, file="", line=0)),
    tests={"test_a": frozenset({"fifo:10:if", "bin:count.max"}), "test_b": frozenset({"fifo:10:if"})},
)


def checked(file: Path) -> Any:
    """Check the file by PyUCIS' copy of the standard's schema, and return what PyUCIS reads."""
    folder = package_folder("ucis")
    from lxml import etree
    from ucis.xml.xml_reader import XmlReader

    etree.XMLSchema(etree.parse(str(folder / "xml" / "schema" / "ucis.xsd"))).assertValid(etree.parse(str(file)))
    return XmlReader().read(str(file))


def counts(db: Any) -> dict[tuple[str, str], int]:
    """All bins that PyUCIS found: (scope, bin) to count."""
    from ucis.cover_type_t import CoverTypeT
    from ucis.scope_type_t import ScopeTypeT

    found: dict[tuple[str, str], int] = {}

    def walk(scope: Any, name: str) -> None:
        for item in scope.coverItems(CoverTypeT.ALL):
            found[name, item.getName()] = item.getCoverData().data
        for below in scope.scopes(ScopeTypeT.ALL):
            inner = below.getScopeName()
            walk(below, name if inner.startswith("UCIS:") else inner)

    for instance in db.scopes(ScopeTypeT.INSTANCE):
        walk(instance, instance.getScopeName())
    return found


def written(tmp_path: Path, shown: Coverage, plan: Testplan | None = PLAN) -> Path:
    file = tmp_path / "coverage.xml"
    file.write_text(ucis(shown, top="fifo", written=WRITTEN, plan=plan), encoding="utf-8")
    return file


def test_pyucis_reads_the_same_counts(tmp_path: Path) -> None:
    found = counts(checked(written(tmp_path, FIFO)))
    assert found == {
        ("fifo:10", "if"): 2,
        ("fifo:10", "else"): 0,
        ("fifo:42", "case_IDLE"): 0,
        ("state", "IDLE"): 1,
        ("state", "RUN"): 0,
        ("state", "IDLE->RUN"): 1,
        ("count", "max"): 1,
        ("count", "min"): 0,
        ("full.now", "no"): 1,
        ("full.now", "yes"): 0,
        ("both", "max.no"): 1,
        ("both", "min.no"): 0,
        ("full_written", "coverBin"): 1,
    }


def test_report_of_pyucis_counts_no_excluded_bin(tmp_path: Path) -> None:
    db = checked(written(tmp_path, FIFO))
    from ucis.report.coverage_report_builder import CoverageReportBuilder

    group = CoverageReportBuilder.build(db).covergroups[0]
    assert {point.name: point.coverage for point in group.coverpoints} == {"count": 50.0, "full.now": 100.0}
    assert [cross.coverage for cross in group.crosses] == [50.0]


def test_exclusions_values_and_tests_are_in_the_file(tmp_path: Path) -> None:
    text = written(tmp_path, FIFO).read_text()
    assert 'excludedReason="proven unreachable by induction at depth 3"' in text
    assert 'excludedReason="waived: no &lt;test&gt; mode"' in text
    assert '<range from="8" to="8">' in text
    assert text.count("<historyNodeId>") == 3
    assert 'logicalName="test_b"' in text


def test_same_coverage_gives_the_same_file(tmp_path: Path) -> None:
    assert written(tmp_path, FIFO).read_text() == written(tmp_path, FIFO).read_text()


def test_without_a_plan_it_is_valid_too(tmp_path: Path) -> None:
    assert counts(checked(written(tmp_path, FIFO, None)))["both", "max.no"] == 1


def test_control_characters_do_not_break_the_file(tmp_path: Path) -> None:
    odd = coverage(result("fifo:10:if", HIT, by="a\x00\x1b"), tests={"test\x07": frozenset({"fifo:10:if"})})
    assert counts(checked(written(tmp_path, odd))) == {("fifo:10", "if"): 1}


def test_arms_may_hold_colons_and_columns(tmp_path: Path) -> None:
    odd = coverage(result("fifo:10:case_a?b:c", HIT), result("fifo:12:7:if", HIT), result("fifo:12:30:if"))
    assert counts(checked(written(tmp_path, odd))) == {
        ("fifo:10", "case_a?b:c"): 1,
        ("fifo:12:7", "if"): 1,
        ("fifo:12:30", "if"): 0,
    }


def test_modules_stand_apart(tmp_path: Path) -> None:
    core = result(point=point("core:3:if", module="core", file="core.sv"), status=HIT)
    text = written(tmp_path, coverage(core, result("fifo:10:if", HIT))).read_text()
    assert 'name="core" key="1" instanceId="1" moduleName="core" parentInstanceId="0"' in text


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from((HIT, UNREACHABLE, UNKNOWN))))
def test_any_coverage_is_valid_and_loses_no_point(
    tmp_path_factory: pytest.TempPathFactory, known: dict[str, Any]
) -> None:
    shown = coverage(*(result(id, status) for id, status in known.items()))
    found = counts(checked(written(tmp_path_factory.getbasetemp(), shown)))
    assert len(found) == len(known)
    assert sum(found.values()) == shown.counts.hit


def test_schema_notices_what_is_wrong(tmp_path: Path) -> None:
    package_folder("ucis")
    from lxml import etree

    file = written(tmp_path, FIFO)
    file.write_text(file.read_text().replace('coverageCount="0"', 'coverageCount="-1"', 1))
    with pytest.raises(etree.DocumentInvalid):
        checked(file)
