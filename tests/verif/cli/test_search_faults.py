"""What keeps lanes from a search is told in one sentence, and the batch engine finds the bug alone."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.support.command import Answer, Command
from tests.support.regressions import bug, specified
from verif.workspace import ENVIRONMENT

EXAMPLES = "2000"
UNREADABLE = """
    // Simulators take it; Yosys sees no reset that the edges name.
    logic odd;
    always @(posedge clk or negedge rst_n) if (!din) odd <= 1'b0; else odd <= din_valid;
"""


COMPILER = """#!/bin/sh
case "$LANES_COMPILER $*" in
    slow*lanes.cpp*) sleep 600;;
    broken*lanes.cpp*) echo "lanes.cpp:1: error: out of registers" >&2; exit 1;;
esac
exec {compiler} "$@"
"""


class Searching:
    """``posedge search`` with lanes from the start, of a design with a bug."""

    def __init__(self, folder: Path) -> None:
        """All calls share a workspace and a compiler, so that the batch engine's runtime is built once."""
        self.folder = folder
        specified(folder / "tb", "sequence_detector")
        compiler = folder / "bin" / "g++"
        compiler.parent.mkdir()
        compiler.write_text(COMPILER.format(compiler=shutil.which("g++")), encoding="utf-8")
        compiler.chmod(0o755)
        self.usual = {
            ENVIRONMENT: str(folder / "sim_builds"),
            "PATH": f"{compiler.parent}{os.pathsep}{os.environ['PATH']}",
        }

    def __call__(self, name: str, more: str = "", **env: str) -> Answer:
        """``name`` makes the source one that nobody built before; ``more`` comes at its end."""
        source = self.folder / name / "sequence_detector.sv"
        source.parent.mkdir(exist_ok=True)
        text = bug("sequence_detector", "no_overlap").read_text(encoding="utf-8")
        source.write_text(f"// {name}\n" + text.replace("endmodule", f"{more}endmodule"), encoding="utf-8")
        words = ("search", self.folder / "tb", "--examples", EXAMPLES, "--engine", "lanes", "--failures", "1")
        return Command(cwd=self.folder)(
            *words, "--sim", "icarus", "--sources", source, "--json", env=self.usual | env, timeout=1000
        )


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Searching:
    return Searching(tmp_path_factory.mktemp("faults"))


def told(answer: Answer, sentence: str) -> None:
    """Check that lanes took no part, why, and that the bug was found all the same."""
    assert (answer.code, answer.json["verdict"]) == (1, "FAIL"), answer.err + answer.out
    (failure,) = answer.json["failures"]
    assert (failure["found_by"], failure["replayed"]) == ("batch", {"icarus": "FAIL"})
    assert answer.json["lane_examples"] == 0
    said = [note for note in answer.json["notes"] if note.startswith("The batch engine runs")]
    assert len(said) == 1, answer.json["notes"]
    assert re.fullmatch(f"The batch engine runs sequence_detector alone: {sentence}", said[0], re.DOTALL), said[0]


def test_a_processor_without_wide_words_finds_the_same_in_narrow_ones(search: Searching) -> None:
    found = []
    for bits in ("64", ""):
        answer = search("narrow", POSEDGE_LANE_BITS=bits)
        assert answer.code == 1, answer.err
        (failure,) = answer.json["failures"]
        assert failure["found_by"] == "lanes" and answer.json["lane_examples"] > 0
        found.append((failure["property"], failure["cycles"], failure["examples"]))
    assert found[0] == found[1]


def test_a_setting_that_cannot_be_is_told(search: Searching) -> None:
    told(search("setting", POSEDGE_LANE_BITS="100"), r"POSEDGE_LANE_BITS can't be '100'; it is one of 64, 128.*\.")


def test_a_netlist_over_the_limit_is_told(search: Searching) -> None:
    sentence = r"the design is too large for lanes: \d+ functions of three bits, and the limit is 3\."
    told(search("large", POSEDGE_LANE_FUNCTIONS="3"), sentence)


@pytest.mark.slow
def test_a_compiler_that_is_slow_is_told(search: Searching) -> None:
    sentence = r"g\+\+ took more than 60 s for the lanes of sequence_detector_probes\."
    told(search("slow", LANES_COMPILER="slow", POSEDGE_LANE_SECONDS="60"), sentence)


def test_a_compiler_that_breaks_is_told(search: Searching) -> None:
    sentence = r"the C\+\+ made of the netlist of sequence_detector_probes did not compile.*out of registers.*"
    told(search("broken", LANES_COMPILER="broken"), sentence)


def test_what_yosys_refuses_is_told(search: Searching) -> None:
    told(search("refused", UNREADABLE), r".*sequence_detector\.sv:\d+: Yosys can't read the design: .*\.")


def test_without_a_compiler_no_engine_can_be_built_and_a_sentence_says_so(search: Searching, tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("iverilog", "vvp", "make", "perl", "sh"):
        if found := shutil.which(tool):
            (bare / tool).symlink_to(found)
    answer = search("bare", PATH=str(bare))
    assert answer.code == 3
    assert re.search(r"g\+\+", json.loads(answer.out)["error"]["message"])
