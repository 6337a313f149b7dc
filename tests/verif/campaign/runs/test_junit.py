"""Laws of the JUnit file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.benches import BREAKING, FAILING, PASSING, bench
from verif.campaign.benches.options import RunOptions
from verif.campaign.runs.junit import read_failures, write_junit
from verif.campaign.runs.outcome import Regression
from verif.campaign.runs.regression import run_bench
from verif.errors import InputError
from verif.workspace import Workspace

_SUITE = {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname"}
_CASE_CHILDREN = {"properties", "failure", "error", "skipped"}


def check_schema(file: Path) -> None:
    """Check what the usual schemas (Jenkins, Ant) ask for: elements, attributes, and counts that add up."""
    root = ElementTree.parse(file).getroot()
    assert root.tag == "testsuites"
    for suite in root:
        assert (suite.tag, set(suite.attrib)) == ("testsuite", _SUITE)
        cases = suite.findall("testcase")
        assert {child.tag for child in suite} <= {"properties", "testcase"}
        assert int(suite.attrib["tests"]) == len(cases)
        for plural, kind in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
            assert int(suite.attrib[plural]) == sum(case.find(kind) is not None for case in cases)
        for case in cases:
            assert set(case.attrib) == {"classname", "name", "time"}
            assert float(case.attrib["time"]) >= 0
            assert {child.tag for child in case} <= _CASE_CHILDREN
            assert sum(child.tag != "properties" for child in case) <= 1


def properties(case: ElementTree.Element) -> dict[str, str]:
    return {entry.attrib["name"]: entry.attrib["value"] for entry in case.iter("property")}


@pytest.fixture
def mixed(tmp_path: Path, workspace: Workspace) -> Regression:
    folder = bench(tmp_path / "bench", PASSING, FAILING, BREAKING, configs=({"name": "a"}, {"name": "b"}))
    return run_bench(folder, RunOptions(seeds=(3, 4)))


def test_file_has_the_usual_form(mixed: Regression, tmp_path: Path) -> None:
    check_schema(write_junit([mixed], tmp_path / "deep" / "results.xml"))


def test_case_carries_what_running_it_again_needs(mixed: Regression, tmp_path: Path) -> None:
    root = ElementTree.parse(write_junit([mixed], tmp_path / "results.xml")).getroot()
    case = next(case for case in root.iter("testcase") if case.attrib["name"] == "test_fails [seed 4]")
    told = properties(case)
    assert (told["seed"], told["configuration"], told["simulator"]) == ("4", "a", "fake")
    assert told["replay"].startswith("posedge replay ")
    assert told["source_digest"] == mixed.tests[0].sources_digest
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "SPEC counter-model: cycle 3: count is 4, expected 3"


def test_failures_are_read_back_as_they_were(mixed: Regression, tmp_path: Path) -> None:
    stored = read_failures(write_junit([mixed], tmp_path / "results.xml"))
    assert stored == tuple(test.failure for test in mixed.failures)


def test_refused_build_is_a_skipped_case(tmp_path: Path, workspace: Workspace) -> None:
    folder = bench(tmp_path / "bench", PASSING)
    (folder / "counter.sv").write_text("module counter (;\nendmodule\n")
    file = write_junit([run_bench(folder)], tmp_path / "results.xml")
    check_schema(file)
    (skipped,) = ElementTree.parse(file).getroot().iter("skipped")
    assert skipped.attrib["type"] == "UNSUPPORTED"


def test_characters_that_xml_cannot_hold_are_replaced(tmp_path: Path, workspace: Workspace) -> None:
    result = run_bench(bench(tmp_path / "bench", FAILING))
    bell = replace(result.tests[0], message="rang \x07\x1b[31m")
    file = write_junit([replace(result, tests=(bell,))], tmp_path / "results.xml")
    check_schema(file)
    assert "rang ??[31m" in file.read_text()


def test_foreign_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "results.xml"
    file.write_text("<testsuites><testsuite/></testsuites>")
    with pytest.raises(InputError) as error:
        read_failures(file)
    assert error.value.sentence == (
        f"{file}: not a JUnit file that posedge wrote; take the one of 'posedge run --junit FILE', or an id that "
        "'posedge run' printed."
    )


def test_unwritable_place_is_told(mixed: Regression, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't write the JUnit file"):
        write_junit([mixed], tmp_path / "file" / "results.xml")
