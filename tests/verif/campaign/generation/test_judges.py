"""Judges of generated RTL: they accept what is right and reject what is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.tools import need
from verif.campaign.generation.judge import Judge
from verif.campaign.generation.judges import judge_from_library, judge_from_rtl, stimulus_alone
from verif.campaign.generation.rtl_variants import rtl_variants
from verif.design.manifest import read_manifest
from verif.design.model import SourceSet
from verif.design.sources import resolve_sources
from verif.errors import InputError, ToolError
from verif.plan.interface import interface_of
from verif.plan.spec import Specification, read_specification
from verif.sim.playback import play_on_icarus
from verif.verdict import Verdict

RTL = Path(__file__).resolve().parents[4] / "rtl"

MOD62 = """module counter (input clk, input rst, input en, output reg [5:0] q);
  always @(posedge clk)
    if (rst) q <= 0;
    else if (en) q <= q == 61 ? 0 : q + 1;
endmodule
"""


@pytest.fixture(autouse=True)
def _icarus() -> None:
    need("iverilog")


def _spec(tmp_path: Path, text: str = "# counter: counts to 61\n\nIt counts.\n") -> Specification:
    file = tmp_path / "spec.md"
    file.write_text(text)
    return read_specification(file)


def _played(judge: Judge, file: Path, tmp_path: Path) -> tuple[str, ...]:
    sources = SourceSet(files=(file,), top=judge.design.top)
    played = play_on_icarus(sources, judge.design, judge.stimulus, tmp_path / file.stem, sandbox=None)
    assert played.verdict is Verdict.PASS, played.message
    return played.outputs


@pytest.mark.parametrize("name", ["gray_counter", "priority_encoder", "sync_fifo", "sequence_detector"])
def test_a_library_judge_accepts_the_design_and_rejects_every_seeded_bug(name: str, tmp_path: Path) -> None:
    manifest = read_manifest(RTL / name / "design.toml")
    specification = read_specification(RTL / name / "spec.md")
    judge = judge_from_library(interface_of(specification), specification, seed=1)
    assert judge is not None
    assert judge.doubts == ()
    assert judge.complaint(_played(judge, RTL / name / f"{name}.sv", tmp_path)) is None
    assert manifest.bugs
    for bug in manifest.bugs:
        assert judge.complaint(_played(judge, RTL / name / bug.file, tmp_path)), f"{bug.file} passes"


def _golden(tmp_path: Path, text: str = MOD62) -> Judge:
    golden = tmp_path / "golden.v"
    golden.write_text(text)
    specification = _spec(tmp_path)
    sources = resolve_sources([golden])
    from verif.design.frontend import read_design

    return judge_from_rtl(sources, read_design(sources), specification, seed=1, scratch=tmp_path / "scratch")


def test_a_counter_that_never_wraps_does_not_pass_for_one_that_wraps_at_62(tmp_path: Path) -> None:
    judge = _golden(tmp_path)
    assert judge.doubts == ()
    assert judge.variants.count == judge.variants.total >= 4
    weak = tmp_path / "weak.v"
    weak.write_text(MOD62.replace("q == 61 ? 0 : q + 1", "q + 1"))
    complaint = judge.complaint(_played(judge, weak, tmp_path))
    assert complaint is not None
    assert "q is 111110, expected 000000" in complaint


def test_an_output_that_never_moves_is_a_doubt(tmp_path: Path) -> None:
    judge = _golden(tmp_path, MOD62.replace("q == 61 ? 0 : q + 1", "0"))
    assert judge.stuck == ("q",)
    assert judge.doubts[0] == "these outputs never move under the stimulus: q"


def test_a_reference_with_other_ports_names_the_port(tmp_path: Path) -> None:
    golden, other = tmp_path / "golden.v", tmp_path / "other.v"
    golden.write_text(MOD62)
    other.write_text(MOD62.replace("[5:0]", "[6:0]"))
    from verif.design.frontend import read_design

    design = read_design(resolve_sources([other]))
    with pytest.raises(InputError) as refusal:
        judge_from_rtl(resolve_sources([golden]), design, _spec(tmp_path), seed=1, scratch=tmp_path)
    assert "port 'q' differs: the reference has output of 6 bits but the interface output of 7 bits" in str(
        refusal.value
    )


def test_a_reference_that_icarus_refuses_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="the reference counter could not be simulated: "):
        _golden(tmp_path, MOD62.replace("reg [5:0] q", "reg [5:0] q, input string s"))


def test_a_judge_without_reference_expects_nothing(tmp_path: Path) -> None:
    specification = read_specification(RTL / "gray_counter" / "spec.md")
    judge = stimulus_alone(interface_of(specification), specification, seed=1)
    assert judge.origin == ""
    bug = RTL / "gray_counter" / read_manifest(RTL / "gray_counter" / "design.toml").bugs[0].file
    assert judge.complaint(_played(judge, bug, tmp_path)) is None


def test_variants_change_operators_constants_and_conditions_but_no_widths() -> None:
    titles = [variant.title for variant in rtl_variants(MOD62, most=100)]
    assert titles == [
        "line 3: 'rst' became '!(rst)'",
        "line 3: '0' became '1'",
        "line 4: 'en' became '!(en)'",
        "line 4: 'q == 61' became '!(q == 61)'",
        "line 4: '==' became '!='",
        "line 4: '61' became '62'",
        "line 4: '0' became '1'",
        "line 4: '+' became '-'",
        "line 4: '1' became '2'",
    ]


def test_each_variant_changes_one_place() -> None:
    for variant in rtl_variants(MOD62, most=100):
        changed = [a for a, b in zip(MOD62.splitlines(), variant.text.splitlines(), strict=True) if a != b]
        assert len(changed) == 1
    assert rtl_variants(MOD62, most=3) == rtl_variants(MOD62, most=3)
    assert len(rtl_variants(MOD62, most=3)) == 3
