"""What keeps lanes from a search is told in one sentence, and the batch engine finds the bug alone."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import Answer, Command
from tests.support.regressions import bug, specified
from verif.workspace import ENVIRONMENT

EXAMPLES = "2000"
UNREADABLE = """
    // Verilator and Icarus take it; Yosys sees no reset that the edges name.
    logic odd;
    always_ff @(posedge clk or negedge rst_n) if (!din) odd <= 1'b0; else odd <= din_valid;
endmodule
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bench and one workspace for all faults, so that the batch engine is built once."""
    folder = tmp_path_factory.mktemp("faults")
    specified(folder / "tb", "sequence_detector")
    return folder


@pytest.fixture
def search(shared: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Searching]:
    monkeypatch.setenv(ENVIRONMENT, str(shared / "sim_builds"))
    yield Searching(shared)


class Searching:
    """``posedge search`` with lanes from the start, of a design with a bug."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *, source: Path | None = None, **env: str) -> Answer:
        source = source or bug("sequence_detector", "no_overlap")
        words = ("search", self.folder / "tb", "--examples", EXAMPLES, "--engine", "lanes", "--failures", "1")
        return Command(cwd=self.folder)(*words, "--sim", "verilator", "--sources", source, "--json", env=env)


def compiler(folder: Path, says: str) -> str:
    """Return a PATH with a ``g++`` that does ``says`` for lanes, and what it always does for all else."""
    script = folder / "bin" / "g++"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\ncase "$*" in *lanes.cpp*) {says};; esac\nexec {shutil.which("g++")} "$@"\n')
    script.chmod(0o755)
    return f"{script.parent}{os.pathsep}{os.environ['PATH']}"


def told(answer: Answer, sentence: str) -> None:
    """Check that lanes took no part, why, and that the bug was found all the same."""
    assert (answer.code, answer.json["verdict"]) == (1, "FAIL"), answer.err
    (failure,) = answer.json["failures"]
    assert (failure["found_by"], failure["replayed"]) == ("batch", {"verilator": "FAIL"})
    assert answer.json["lane_examples"] == 0
    said = [note for note in answer.json["notes"] if note.startswith("The batch engine runs")]
    assert len(said) == 1, answer.json["notes"]
    assert re.fullmatch(f"The batch engine runs sequence_detector alone: {sentence}", said[0], re.DOTALL), said[0]


def test_a_processor_without_wide_words_finds_the_same_in_narrow_ones(search: Searching) -> None:
    found = []
    for bits in ("64", ""):
        answer = search(POSEDGE_LANE_BITS=bits)
        assert answer.code == 1, answer.err
        (failure,) = answer.json["failures"]
        assert failure["found_by"] == "lanes" and answer.json["lane_examples"] > 0
        found.append((failure["property"], failure["cycles"], failure["examples"]))
    assert found[0] == found[1]


def test_a_setting_that_cannot_be_is_told(search: Searching) -> None:
    told(search(POSEDGE_LANE_BITS="100"), r"POSEDGE_LANE_BITS can't be '100'; it is one of 64, 128.*\.")
    told(search(POSEDGE_LANE_SECONDS="soon"), r"POSEDGE_LANE_SECONDS can't be 'soon'; it is a whole number above 0\.")


def test_a_netlist_over_the_limit_is_told(search: Searching) -> None:
    told(
        search(POSEDGE_LANE_FUNCTIONS="3"), r"the design is too large for lanes: \d+ functions of three bits, .* is 3\."
    )


def test_a_compiler_that_is_slow_is_told(search: Searching, tmp_path: Path) -> None:
    sentence = r"g\+\+ took more than 20 s for the lanes of sequence_detector_harness\."
    told(search(PATH=compiler(tmp_path, "sleep 600"), POSEDGE_LANE_SECONDS="20"), sentence)


def test_a_compiler_that_breaks_is_told(search: Searching, tmp_path: Path) -> None:
    sentence = r"the C\+\+ made of the netlist of sequence_detector_harness did not compile.*out of registers.*"
    told(search(PATH=compiler(tmp_path, "echo 'error: out of registers' >&2; exit 1")), sentence)


def test_what_yosys_refuses_is_told(search: Searching, tmp_path: Path) -> None:
    source = tmp_path / "sequence_detector.sv"
    whole = bug("sequence_detector", "no_overlap").read_text(encoding="utf-8")
    source.write_text(whole.replace("endmodule", UNREADABLE), encoding="utf-8")
    told(search(source=source), r".*sequence_detector\.sv:\d+: Yosys can't read the design: .*\.")


def test_without_a_compiler_no_engine_can_be_built_and_a_sentence_says_so(search: Searching, tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("iverilog", "vvp", "make", "perl", "sh"):
        if found := shutil.which(tool):
            (bare / tool).symlink_to(found)
    answer = search(PATH=str(bare))
    assert answer.code == 3
    error = json.loads(answer.out)["error"]
    assert re.match(r".*g\+\+.*", error["message"]), error
