"""The layer table of the design: who may import whom, and what start-up may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "verdict", "diagnostics", "trace", "workspace"}),
    frozenset({"design"}),
    frozenset({"plan", "property", "stimulus"}),
    frozenset({"harness", "bench"}),
    frozenset({"sim", "formal", "lanes"}),
    frozenset({"coverage", "mutation", "search"}),
    frozenset({"campaign"}),
    frozenset({"report"}),
    frozenset({"cli"}),
)
"""Parts of ``verif``, lowest layer first. A part may import lower layers, and its own one way only."""

WORDS = LAYERS[0]
FLOORPLAN_MAY_IMPORT = WORDS | {"design", "floorplan"}
LLM_ASSIST_MAY_IMPORT = WORDS | {"design", "plan", "property"}
MAY_IMPORT_LLM_ASSIST = frozenset({"cli"})

HEAVY = {"pyslang", "pyverilog", "pyosys", "numpy", "torch", "transformers", "llguidance", "jinja2", "sqlalchemy"}
HEAVY |= {"rich", "pydantic", "hypothesis", "cocotb", "pandas", "matplotlib", "vcd", "yaml"}
"""Packages that neither ``import verif`` nor ``posedge --help`` may load."""

BENCH_SOURCE = ("verif/stimulus/drivers", "verif/bench/library/models", "verif/bench/library/rules")
"""Folders whose modules become part of generated benches."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement: who, where, what."""

    file: str
    line: int
    target: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.target}"


def imports_of(source: str, file: str) -> Iterator[Import]:
    """Yield every import of a module, those inside functions included, with relative ones resolved."""
    package = Path(file).parent.parts
    for node in ast.walk(ast.parse(source, filename=file)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(file, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            if stem in ("verif", "llm_assist"):
                for alias in node.names:
                    yield Import(file, node.lineno, f"{stem}.{alias.name}")
            else:
                yield Import(file, node.lineno, stem)


def all_imports(*packages: str) -> list[Import]:
    return [
        found
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        for found in imports_of(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    ]


def part(dotted: str) -> str:
    """The part of ``verif`` that a dotted module name or a file belongs to; empty for the package itself."""
    pieces = dotted.removesuffix(".py").replace("/", ".").split(".")
    return pieces[1] if len(pieces) > 1 and pieces[1] != "__init__" else ""


def layer(name: str) -> int | None:
    return next((number for number, names in enumerate(LAYERS) if name in names), None)


def breaches(found: list[Import]) -> list[str]:
    """Return a sentence for every import that the table forbids."""
    wrong: list[str] = []
    sideways: dict[tuple[str, str], Import] = {}
    for item in found:
        who, what = part(item.file), part(item.target)
        if item.target.split(".")[0] == "llm_assist":
            if item.file.startswith("verif/") and who not in MAY_IMPORT_LLM_ASSIST:
                wrong.append(f"{item}: only verif.cli reaches llm_assist")
            continue
        if item.target.split(".")[0] != "verif" or not what or what == "__version__":
            continue
        if item.file.startswith("llm_assist/"):
            if what not in LLM_ASSIST_MAY_IMPORT:
                wrong.append(f"{item}: llm_assist imports words, design, plan and property only")
        elif who == "floorplan" or what == "floorplan":
            if (who == "floorplan" and what not in FLOORPLAN_MAY_IMPORT) or who not in ("floorplan", "cli", "report"):
                wrong.append(f"{item}: floorplan is a leaf over design")
        elif who:
            wrong += _between(item, who, what, sideways)
    return wrong


def _between(item: Import, who: str, what: str, sideways: dict[tuple[str, str], Import]) -> list[str]:
    mine, theirs = layer(who), layer(what)
    if mine is None or theirs is None:
        return [f"{item}: '{who if mine is None else what}' is not in the layer table of tests/test_layers.py"]
    if theirs > mine:
        return [f"{item}: {what} lies above {who}"]
    if theirs == mine and who != what and who not in WORDS:
        sideways.setdefault((who, what), item)
        if back := sideways.get((what, who)):
            return [f"{item}: and {back}; two parts of one layer import each other"]
    return []


def test_imports_keep_the_layer_table() -> None:
    found = all_imports("verif", "llm_assist")
    assert len(found) > 20
    assert breaches(found) == []


@pytest.mark.parametrize(
    ("file", "source", "complaint"),
    [
        ("verif/design/model.py", "from verif.sim.seam import Build", "sim lies above design"),
        ("verif/design/model.py", "def f():\n    import verif.cli.main", "cli lies above design"),
        ("verif/sim/seam.py", "from ..report import html", "report lies above sim"),
        ("verif/report/html.py", "from llm_assist import model", "only verif.cli reaches llm_assist"),
        ("llm_assist/drafter.py", "from verif.bench import manifest", "words, design, plan and property only"),
        ("verif/floorplan/anneal.py", "import verif.plan.model", "floorplan is a leaf"),
        ("verif/search/explore.py", "import verif.floorplan", "floorplan is a leaf"),
        ("verif/plan/model.py", "import verif.bananas", "'bananas' is not in the layer table"),
    ],
)
def test_a_breach_of_the_layer_table_is_told(file: str, source: str, complaint: str) -> None:
    (sentence,) = breaches(list(imports_of(source, file)))
    assert complaint in sentence
    assert sentence.startswith(f"{file}:")


def test_two_parts_of_one_layer_import_each_other_one_way_only() -> None:
    one = list(imports_of("import verif.stimulus.drivers", "verif/plan/baseline.py"))
    other = list(imports_of("import verif.plan.model", "verif/stimulus/rows.py"))
    assert breaches(one) == [] and breaches(other) == []
    assert "import each other" in breaches(one + other)[0]


def foreign_imports(folder: str, files: dict[str, str]) -> list[str]:
    """Imports beyond the standard library and the folder's own modules."""
    own = folder.replace("/", ".")
    return [
        str(found)
        for file, source in files.items()
        for found in imports_of(source, file)
        if found.target.split(".")[0] not in sys.stdlib_module_names and not found.target.startswith(own)
    ]


@pytest.mark.parametrize("folder", BENCH_SOURCE)
def test_source_that_goes_into_benches_imports_the_standard_library_only(folder: str) -> None:
    files = {p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8") for p in (ROOT / folder).rglob("*.py")}
    assert foreign_imports(folder, files) == []


def test_a_foreign_import_in_bench_source_is_told() -> None:
    files = {"verif/stimulus/drivers/apb.py": "import random\nimport numpy"}
    assert foreign_imports("verif/stimulus/drivers", files) == ["verif/stimulus/drivers/apb.py:2 imports numpy"]


_REPORT_HEAVY = "import sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"


def _loaded(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{_REPORT_HEAVY}"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.splitlines()[-1].split())


def test_importing_verif_loads_nothing_heavy() -> None:
    assert _loaded("import verif") & HEAVY == set()


def test_help_loads_nothing_heavy() -> None:
    code = "import verif.cli.main as m\ntry: m.main(['--help'])\nexcept SystemExit: pass"
    assert _loaded(code) & HEAVY == set()


def test_a_heavy_import_is_seen() -> None:
    assert _loaded("import jinja2") & HEAVY == {"jinja2"}
