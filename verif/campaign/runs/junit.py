"""JUnit XML: one suite per bench, configuration and simulator; a case carries all that running it again needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from verif.campaign.runs.failure import Failure, from_dict
from verif.campaign.runs.outcome import BuildResult, Regression, TestResult
from verif.errors import InputError
from verif.verdict import Verdict

_ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 can't hold."""

_FAILURE = "failure"


def write_junit(regressions: Iterable[Regression], file: Path) -> Path:
    """Write the regressions' results to ``file``; InputError PE416 where that can't be."""
    root = Element("testsuites", name="posedge")
    for regression in regressions:
        for build in regression.builds:
            root.append(_suite(regression, build))
    ElementTree.indent(root)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise InputError("PE416", f"can't write the JUnit file ({error.strerror})", where=str(file)) from error
    return file


def read_failures(file: Path) -> tuple[Failure, ...]:
    """Read the failures that ``write_junit`` stored; InputError PE417 where ``file`` isn't one of ours."""
    try:
        root = ElementTree.parse(file).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise InputError("PE417", f"not a JUnit file that can be read: {error}", where=str(file)) from error
    if root.tag != "testsuites" or root.get("name") != "posedge":
        raise InputError(
            "PE417",
            "not a JUnit file that posedge wrote",
            where=str(file),
            hint="take the one of 'posedge run --junit FILE', or an id that 'posedge run' printed",
        )
    stored = (entry.get("value", "") for entry in root.iter("property") if entry.get("name") == _FAILURE)
    return tuple(from_dict(json.loads(text), str(file)) for text in stored)


def _suite(regression: Regression, build: BuildResult) -> Element:
    tests = [t for t in regression.tests if (t.simulator, t.config) == (build.simulator, build.config)]
    cases = [_case(test, len(regression.seeds) > 1) for test in tests]
    if build.verdict is not Verdict.PASS:
        cases.append(_refused(build))
    suite = Element(
        "testsuite",
        name=_text(f"{regression.bench.name}.{build.config}.{build.simulator}"),
        tests=str(len(cases)),
        failures=_count(cases, "failure"),
        errors=_count(cases, "error"),
        skipped=_count(cases, "skipped"),
        time=f"{sum(test.seconds for test in tests):.3f}",
        timestamp=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        hostname="localhost",
    )
    _properties(suite, {"bench": regression.bench, "top": regression.top})
    suite.extend(cases)
    return suite


def _case(test: TestResult, several_seeds: bool) -> Element:
    name = f"{test.name} [seed {test.seed}]" if several_seeds else test.name
    case = Element("testcase", classname=_text(test.module or "cocotb"), name=_text(name), time=f"{test.seconds:.3f}")
    _properties(case, dict(_facts(test)))
    if test.verdict is not Verdict.PASS:
        kind = "failure" if test.verdict is Verdict.FAIL else "error"
        message = _text(test.message)
        element = SubElement(case, kind, type=str(test.verdict), message=message.partition("\n")[0])
        element.text = f"{message}\nto run it again: posedge replay {test.replay}"
    return case


def _facts(test: TestResult) -> Iterator[tuple[str, Any]]:
    yield from (("seed", test.seed), ("configuration", test.config), ("simulator", test.simulator))
    yield from (("source_digest", test.sources_digest), ("verdict", test.verdict))
    if test.failure:
        yield "replay", f"posedge replay {test.replay}"
        yield _FAILURE, json.dumps(asdict(test.failure), sort_keys=True)
    if test.waves:
        yield "waves", test.waves


def _refused(build: BuildResult) -> Element:
    case = Element("testcase", classname="build", name="(build)", time=f"{build.seconds:.3f}")
    _properties(case, {"configuration": build.config, "simulator": build.simulator, "verdict": build.verdict})
    if build.verdict is Verdict.UNSUPPORTED:
        SubElement(case, "skipped", type=str(build.verdict), message=_text(build.reason))
    else:
        SubElement(case, "error", type=str(build.verdict), message=_text(build.reason))
    return case


def _properties(parent: Element, facts: dict[str, Any]) -> None:
    properties = SubElement(parent, "properties")
    for name, value in facts.items():
        SubElement(properties, "property", name=name, value=_text(str(value)))


def _count(cases: list[Element], kind: str) -> str:
    return str(sum(case.find(kind) is not None for case in cases))


def _text(text: str) -> str:
    return _ILLEGAL.sub("?", text)
