"""Write a testplan in OpenTitan's form: Hjson in the style of its own files.

Texts are quoted as in JSON, which Hjson takes and which can hold anything; descriptions of several lines stand between
``'''`` where that loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from verif.plan.opentitan import COVERGROUP, Element, Extra, OpenTitanPlan

_BLOCK = "            "


def opentitan_text(plan: OpenTitanPlan) -> str:
    """Return ``plan`` as Hjson; what it imported stands in it."""
    lines = ["{", f"  name: {_quoted(plan.name)}", *_list("testpoints", plan.testpoints)]
    if plan.covergroups:
        lines += _list("covergroups", plan.covergroups)
    return "\n".join([*lines, "}", ""])


def _list(key: str, elements: Sequence[Element]) -> Iterator[str]:
    yield f"  {key}: ["
    for element in elements:
        yield "    {"
        yield f"      name: {_quoted(element.name)}"
        yield f"      desc: {_description(element.desc)}"
        if not element.name.endswith(COVERGROUP):
            yield f"      stage: {element.stage}"
            yield f"      tests: {_value(element.tests)}"
        yield from (f"      {_quoted(name)}: {_value(value)}" for name, value in element.extra.items())
        yield "    }"
    yield "  ]"


def _value(value: Extra) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(value) if isinstance(value, str) else f"[{', '.join(map(_quoted, value))}]"


def _description(text: str) -> str:
    lines = text.split("\n")
    if len(lines) == 1 or "'''" in text or not all(_plain(line) for line in lines):
        return _quoted(text)
    body = "\n".join(f"{_BLOCK}{line}".rstrip() for line in lines)
    return f"'''\n{body}\n{_BLOCK}'''"


def _plain(line: str) -> bool:
    return line == line.rstrip() and line.isprintable()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
