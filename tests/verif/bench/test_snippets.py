from pathlib import Path

import pytest

from verif.bench.snippets import excerpt, join_blocks, render_imports
from verif.stimulus.registry import DRIVER_KINDS

LIBRARY = Path(__file__).resolve().parents[3] / "verif" / "bench" / "library"


def test_excerpt_takes_a_class_with_what_it_needs_and_nothing_else() -> None:
    part = excerpt([("verif.stimulus.drivers.plain", "Bits")])
    names = [block.split("(")[0].split(":")[0].split(" =")[0] for block in part.blocks]
    assert "class Bits" in names
    assert names.index("class Driver") < names.index("class Bits")
    assert names.index("class Pace") < names.index("class Bits")
    assert "class Values" not in names
    assert "class Addresses" not in names
    assert ("random", "") in part.imports
    assert not any(module.startswith("verif") for module, _ in part.imports)


def test_excerpt_of_two_classes_holds_their_common_needs_once() -> None:
    part = excerpt([("verif.stimulus.drivers.plain", "Bits"), ("verif.stimulus.drivers.fifo", "FifoPush")])
    assert sum(block.startswith("class Driver") for block in part.blocks) == 1


def test_excerpt_follows_constants_that_are_assigned_together() -> None:
    part = excerpt([("verif.stimulus.drivers.serial", "UartLine")])
    assert any(block.startswith("CLEAN, NOISY =") for block in part.blocks)


def test_excerpt_refuses_a_name_that_the_module_does_not_define() -> None:
    with pytest.raises(ValueError, match=r"verif\.bench\.library\.rules\.known does not define Nothing"):
        excerpt([("verif.bench.library.rules.known", "Nothing")])


def test_all_drivers_fit_into_one_file() -> None:
    part = excerpt((module, kind) for kind, module in DRIVER_KINDS.items())
    compile(join_blocks(part.blocks), "drivers", "exec")


def test_all_models_and_rules_are_classes_of_different_names() -> None:
    files = [file for folder in ("models", "rules") for file in sorted((LIBRARY / folder).glob("[a-z]*.py"))]
    classes = [line for file in files for line in file.read_text().splitlines() if line.startswith("class ")]
    names = [line.split("(")[0].split(":")[0] for line in classes]
    assert len(set(names)) == len(names)


def test_imports_are_rendered_in_isorts_order() -> None:
    lines = render_imports({("typing", "Any"), ("os", ""), ("collections.abc", "Mapping"), ("json", "")})
    assert lines == ["import json", "import os", "from collections.abc import Mapping", "from typing import Any"]
