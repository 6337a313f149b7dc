"""OpenTitan's testplans in Hjson, as dvsim reads them: test points with their tests, and covergroups in words.

Format: a testplan has a ``name``, ``testpoints`` (``name``, ``desc``, ``stage``, ``tests``), ``covergroups`` (``name``
that ends in ``_cg``, ``desc``) and ``import_testplans``, further files. In the names of tests ``{key}`` stands for the
value of a key of the importing file, each of its values in turn where it is a list. Further keys of an element are
text, true or false, or lists of text, and are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from verif.errors import InputError

Extra = str | bool | tuple[str, ...]

COVERGROUP = "_cg"
"""How the name of a covergroup ends."""
STAGES = ("N.A.", "V1", "V2", "V2S", "V3")
_WILDCARD = re.compile(r"{([A-Za-z0-9_]+)}")
_OWN = ("testpoints", "covergroups", "import_testplans")


@dataclass(frozen=True, kw_only=True, slots=True)
class Element:
    """A test point or a covergroup."""

    name: str
    desc: str
    stage: str = ""
    """Of a test point: by which stage of the project it is due."""
    tests: tuple[str, ...] = ()
    """Of a test point: the tests that stand for it."""
    extra: Mapping[str, Extra] = field(default_factory=dict)
    """All other keys."""
    file: str = ""
    line: int = 0
    """Where it stands; found by its name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTitanPlan:
    """A testplan with those that it imports."""

    name: str
    testpoints: tuple[Element, ...]
    covergroups: tuple[Element, ...] = ()


def read_opentitan(file: Path) -> OpenTitanPlan:
    """Read a testplan and what it imports; InputError PE207 tells the first thing that is wrong, with file and line.

    Imports are looked for beside the file that names them, then in each directory above it.
    """
    sources = list(_sources(file, []))
    main = sources[0]
    name = main.data.get("name")
    if not isinstance(name, str) or not name:
        raise _wrong("a testplan needs a name", str(file), hint="add a line such as name: uart")
    values = {key: value for source in reversed(sources) for key, value in source.data.items() if key not in _OWN}
    plan = OpenTitanPlan(
        name=name,
        testpoints=tuple(
            _testpoint(entry, source, values) for source in sources for entry in source.list("testpoints")
        ),
        covergroups=tuple(_covergroup(entry, source) for source in sources for entry in source.list("covergroups")),
    )
    if not plan.testpoints and not plan.covergroups:
        raise _wrong("the testplan has neither testpoints nor covergroups", str(file))
    for kind, elements in (("testpoint", plan.testpoints), ("covergroup", plan.covergroups)):
        _refuse_twins(kind, elements)
    return plan


@dataclass(frozen=True, slots=True)
class _Source:
    """One file."""

    path: Path
    text: str
    data: dict[str, Any]

    def where(self, name: object) -> str:
        line = self.line(str(name))
        return f"{self.path}:{line}" if line else str(self.path)

    def line(self, name: str) -> int:
        """Return the line on which ``name`` is the value of a name; 0 where none is."""
        found = re.search(
            rf"""\bname["']?\s*:\s*["']{{0,3}}{re.escape(name)}["']{{0,3}}\s*,?\s*(?:$|desc|//|#|}})""", self.text, re.M
        )
        return self.text.count("\n", 0, found.start()) + 1 if found and name else 0

    def list(self, key: str) -> Sequence[Any]:
        found = self.data.get(key, [])
        if not isinstance(found, list):
            raise _wrong(f"{key} is no list", self.key(key))
        return found

    def key(self, key: str) -> str:
        found = re.search(rf"""\b{key}["']?\s*:""", self.text)
        return f"{self.path}:{self.text.count(chr(10), 0, found.start()) + 1}" if found else str(self.path)


def _sources(file: Path, seen: list[Path]) -> Iterator[_Source]:
    """Give the file and all that it imports, each once."""
    if file.resolve() in seen:
        return
    seen.append(file.resolve())
    source = _load(file)
    yield source
    for name in source.list("import_testplans"):
        if not isinstance(name, str):
            raise _wrong(f"import_testplans names {name!r}, which is no file name", source.key("import_testplans"))
        folders = (source.path.parent, *source.path.resolve().parent.parents)
        path = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if path is None:
            hint = "it is looked for beside the testplan and in each directory above"
            raise _wrong(f"the imported testplan {name} doesn't exist", source.key("import_testplans"), hint=hint)
        yield from _sources(path, seen)


def _load(file: Path) -> _Source:
    import hjson

    try:
        text = file.read_text(encoding="utf-8")
        data = hjson.loads(text)
    except OSError as error:
        raise _wrong(f"can't be read: {error.strerror}", str(file)) from error
    except UnicodeDecodeError as error:
        raise _wrong("is not UTF-8 text", str(file)) from error
    except hjson.HjsonDecodeError as error:
        raise _wrong(f"not valid Hjson: {error.msg}", f"{file}:{error.lineno}") from error
    if not isinstance(data, dict):
        raise _wrong("holds no testplan", str(file), hint="it is one object with name and testpoints")
    return _Source(file, text, dict(data))


def _testpoint(entry: Any, source: _Source, values: Mapping[str, Any]) -> Element:
    element = _element(entry, "testpoint", source, ("stage", "tests"))
    where, name = source.where(element.name), element.name
    stage = entry.get("stage", entry.get("milestone"))
    if stage not in STAGES:
        told = "has no stage" if stage is None else f"has the stage {stage!r}"
        raise _wrong(f"testpoint {name} {told}", where, allowed=f"a stage is one of {', '.join(STAGES)}")
    tests = entry.get("tests")
    if not isinstance(tests, list) or not all(isinstance(test, str) for test in tests):
        raise _wrong(f"testpoint {name} has no list of tests", where, allowed='tests: ["uart_smoke"], or an empty list')
    expanded = tuple(name for test in tests for name in _expanded(test, values))
    return Element(
        name=name,
        desc=element.desc,
        stage=stage,
        tests=expanded,
        extra=element.extra,
        file=element.file,
        line=element.line,
    )


def _covergroup(entry: Any, source: _Source) -> Element:
    element = _element(entry, "covergroup", source, ())
    if not element.name.endswith(COVERGROUP):
        raise _wrong(f"covergroup {element.name}: its name doesn't end in {COVERGROUP}", source.where(element.name))
    return element


def _element(entry: Any, kind: str, source: _Source, own: Sequence[str]) -> Element:
    if not isinstance(entry, dict):
        raise _wrong(f"a {kind} is no object: {str(entry)[:40]!r}", source.key(f"{kind}s"))
    name, desc = entry.get("name"), entry.get("desc")
    if not isinstance(name, str) or not name.strip():
        raise _wrong(f"a {kind} has no name", source.key(f"{kind}s"))
    if not isinstance(desc, str):
        raise _wrong(f"{kind} {name} has no desc", source.where(name), allowed="desc says in words what is tested")
    known = {"name", "desc", *own, *(("milestone",) if own else ())}
    extra = {key: _extra(key, value, name, source) for key, value in entry.items() if key not in known}
    return Element(name=name, desc=desc, extra=extra, file=str(source.path), line=source.line(name))


def _extra(key: str, value: Any, name: str, source: _Source) -> Extra:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    allowed = "text, true or false, or a list of text"
    raise _wrong(f"{name}: {key} is of another kind than the format has", source.where(name), allowed=allowed)


def _expanded(test: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Give ``test`` with its wildcards replaced; one that nothing gives a value becomes nothing."""
    keys = list(dict.fromkeys(_WILDCARD.findall(test)))
    for chosen in product(*(_choices(values.get(key)) for key in keys)):
        by_key = dict(zip(keys, chosen, strict=True))
        yield _WILDCARD.sub(lambda match: by_key[match[1]], test)  # noqa: B023


def _choices(value: Any) -> Sequence[str]:
    return (
        [str(item) for item in value] if isinstance(value, list) else [str(value)] if isinstance(value, str) else [""]
    )


def _refuse_twins(kind: str, elements: Sequence[Element]) -> None:
    seen: dict[str, Element] = {}
    for element in elements:
        if other := seen.get(element.name):
            raise _wrong(
                f"{kind} {element.name} is there twice",
                f"{element.file}:{element.line}",
                hint=f"the other one is in {other.file}",
            )
        seen[element.name] = element


def _wrong(what: str, where: str, *, allowed: str = "", hint: str = "") -> InputError:
    return InputError("PE207", what, where=where, allowed=allowed, hint=hint)
