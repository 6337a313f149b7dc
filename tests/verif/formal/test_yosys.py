"""Yosys reads what the file system and the user call anything, and says where it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.design.model import SourceSet
from verif.errors import InputError
from verif.formal.yosys import read_command, run_yosys
from verif.sim.process import Processes

TEXT = """`include "w.svh"
module odd #(parameter int N = 1) (input wire [`W-1:0] a, output wire [`W-1:0] y); assign y = a + N + `SUM; endmodule
"""


@pytest.fixture
def sources(tmp_path: Path) -> SourceSet:
    folder = tmp_path / "my 'odd; #1' work"
    (folder / "in clude").mkdir(parents=True)
    (folder / "in clude" / "w.svh").write_text("`define W 8\n", encoding="utf-8")
    (folder / "o d.sv").write_text(TEXT, encoding="utf-8")
    return SourceSet(
        files=(folder / "o d.sv",),
        include_dirs=(folder / "in clude",),
        defines={"SUM": "1 + 2"},
        parameters={"N": "4 + 1"},
        top="odd",
    )


def test_read_slang_takes_paths_and_values_with_any_signs(sources: SourceSet, tmp_path: Path) -> None:
    log = run_yosys((read_command(sources, "odd"), "stat"), tmp_path, processes=Processes())
    assert "=== odd ===" in log


def test_a_refusal_names_the_place_in_a_path_with_blanks(sources: SourceSet, tmp_path: Path) -> None:
    (file,) = sources.files
    file.write_text(TEXT.replace("`SUM", "missing"), encoding="utf-8")
    with pytest.raises(InputError, match="Yosys can't read the design: use of undeclared identifier 'missing'") as told:
        run_yosys((read_command(sources, "odd"),), tmp_path, processes=Processes())
    assert told.value.where.endswith("my 'odd; #1' work/o d.sv:2")
