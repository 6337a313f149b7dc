"""OpenTitan's testplans: they are read with what they import, ours come back, and dvsim reads what we write."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.plan_designs import sync_fifo
from tests.support.tools import package_folder
from verif.errors import InputError
from verif.plan.baseline import baseline_plan
from verif.plan.model import Requirement, Testplan
from verif.plan.opentitan import STAGES, Element, OpenTitanPlan, read_opentitan
from verif.plan.opentitan_plan import from_opentitan, to_opentitan
from verif.plan.opentitan_text import opentitan_text

TIMER = """\
// a plan as people write it
{
  name: "timer"
  bus: ["apb", "jtag"]
  import_testplans: ["common/reset_testplan.hjson"]
  testpoints: [
    {
      name: smoke
      desc: '''
            Program a deadline and wait.

            - check the interrupt'''
      stage: V1
      tests: ["{name}_smoke", "{name}_{bus}_access"]
    }
    {
      name: deadline_passed
      desc: "A deadline in the past fires {missing} at once."
      stage: V2S
      tests: []
      tags: ["quick"]
      owner: ada
    }
  ]
  covergroups: [
    {
      name: deadline_cg
      desc: "Distance of the deadline, crossed with the enable."
    }
  ]
}
"""
RESET = """\
{
  testpoints: [
    { name: reset
      desc: Reset while it counts.
      stage: V2
      tests: ["{name}{suffix}_reset"]
    }
  ]
}
"""


@pytest.fixture
def timer(tmp_path: Path) -> Path:
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "reset_testplan.hjson").write_text(RESET)
    (tmp_path / "hw" / "timer").mkdir(parents=True)
    file = tmp_path / "hw" / "timer" / "timer_testplan.hjson"
    file.write_text(TIMER)
    return file


def test_plan_is_read_with_what_it_imports(timer: Path) -> None:
    plan = read_opentitan(timer)
    assert plan.name == "timer"
    assert [(point.name, point.stage, point.tests) for point in plan.testpoints] == [
        ("smoke", "V1", ("timer_smoke", "timer_apb_access", "timer_jtag_access")),
        ("deadline_passed", "V2S", ()),
        ("reset", "V2", ("timer_reset",)),
    ]
    assert plan.testpoints[1].extra == {"tags": ("quick",), "owner": "ada"}
    assert plan.testpoints[0].desc.splitlines()[0] == "Program a deadline and wait."
    assert [(point.line, Path(point.file).name) for point in plan.testpoints] == [
        (8, "timer_testplan.hjson"),
        (17, "timer_testplan.hjson"),
        (3, "reset_testplan.hjson"),
    ]


def test_points_in_words_become_requirements_with_their_lines(timer: Path) -> None:
    got = from_opentitan(read_opentitan(timer))
    assert got.requirements[0] == Requirement(
        id="smoke", text="Program a deadline and wait. - check the interrupt", line=0
    )
    assert got.points == ()
    assert got.coverage == ()
    assert [group.name for group in got.covergroups] == ["deadline_cg"]
    assert got.tests["reset"] == ("timer_reset",)


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
EXTRA = st.dictionaries(
    st.from_regex(r"x_[a-z]{1,5}", fullmatch=True),
    st.text() | st.booleans() | st.lists(st.text()).map(tuple),
    max_size=2,
)
TESTS = st.lists(st.text().filter(lambda text: "{" not in text)).map(tuple)


@st.composite
def plans(draw: st.DrawFn) -> OpenTitanPlan:
    def element(name: str, **fields: object) -> Element:
        return Element(name=name, desc=draw(st.text()), extra=draw(EXTRA), **fields)  # type: ignore[arg-type]

    points = draw(st.lists(NAMES.filter(lambda name: not name.endswith("_cg")), min_size=1, unique=True))
    groups = draw(st.lists(NAMES.map("{}_cg".format), unique=True, max_size=2))
    return OpenTitanPlan(
        name=draw(NAMES),
        testpoints=tuple(element(n, stage=draw(st.sampled_from(STAGES)), tests=draw(TESTS)) for n in points),
        covergroups=tuple(map(element, groups)),
    )


def bare(plan: OpenTitanPlan) -> list[tuple[object, ...]]:
    """All of a plan but where it stood."""
    return [(e.name, e.desc, e.stage, e.tests, dict(e.extra)) for e in (*plan.testpoints, *plan.covergroups)]


@given(plans())
def test_plan_comes_back_from_its_text(tmp_path_factory: pytest.TempPathFactory, plan: OpenTitanPlan) -> None:
    file = tmp_path_factory.getbasetemp() / "plan.hjson"
    file.write_text(opentitan_text(plan), encoding="utf-8", newline="")
    assert bare(read_opentitan(file)) == bare(plan)


@pytest.fixture
def fifo_plan() -> Testplan:
    requirements = (Requirement(id="R1", text="A write while full is ignored.", line=7), Requirement(id="R2", text="x"))
    return baseline_plan(sync_fifo(), requirements)


def test_our_plan_comes_back_whole(tmp_path: Path, fifo_plan: Testplan) -> None:
    file = tmp_path / "fifo.hjson"
    file.write_text(opentitan_text(to_opentitan(fifo_plan)))
    back = from_opentitan(read_opentitan(file))
    assert back.points == fifo_plan.points
    assert back.coverage == fifo_plan.coverage
    assert back.requirements == fifo_plan.requirements
    assert back.covergroups == ()
    assert set(back.tests["R1"]) == {f"test_{p.id}" for p in fifo_plan.points if "R1" in p.requirements} != set()


def test_dvsim_reads_what_we_write(tmp_path: Path, fifo_plan: Testplan) -> None:
    package_folder("dvsim")
    from dvsim.testplan import Testplan as DvsimPlan

    file = tmp_path / "fifo.hjson"
    file.write_text(opentitan_text(to_opentitan(fifo_plan)))
    read = DvsimPlan(str(file), tmp_path, "fifo")
    ours = to_opentitan(fifo_plan)
    assert {(p.name, p.desc, p.stage, tuple(p.tests)) for p in read.testpoints} == {
        (p.name, p.desc, p.stage, p.tests) for p in ours.testpoints
    }
    assert [group.name for group in read.covergroups] == sorted(group.name for group in ours.covergroups)


def test_dvsim_and_we_read_a_plan_with_imports_alike(timer: Path, tmp_path: Path) -> None:
    package_folder("dvsim")
    from dvsim.testplan import Testplan as DvsimPlan

    read = DvsimPlan(str(timer), tmp_path, "timer")
    assert {(p.name, p.desc, p.stage, tuple(p.tests)) for p in read.testpoints} == {
        (p.name, p.desc, p.stage, p.tests) for p in read_opentitan(timer).testpoints
    }


def test_public_testplans_are_read(tmp_path: Path) -> None:
    package_folder("dvsim")
    from dvsim.testplan import Testplan as DvsimPlan

    root = package_folder("pythondata_cpu_ibex") / "system_verilog" / "vendor" / "lowrisc_ip"
    files = sorted((root / "dv" / "tools" / "dvsim" / "testplans").glob("*_testplan.hjson"))
    assert len(files) > 8
    whole = tmp_path / "chip_testplan.hjson"
    names = [str(file) for file in files if not file.stem.startswith(("fpv", "tl_device"))]
    whole.write_text("{ name: chip\n testpoints: []\n import_testplans: [" + ", ".join(map(_quoted, names)) + "] }")
    ours = read_opentitan(whole)
    assert len(ours.testpoints) > 20
    assert sum(len(point.tests) for point in ours.testpoints) > 20
    theirs = DvsimPlan(str(whole), tmp_path, "chip")
    assert {(p.name, p.desc, p.stage, tuple(p.tests)) for p in theirs.testpoints} == {
        (p.name, p.desc, p.stage, p.tests) for p in ours.testpoints
    }
    whole.write_text(opentitan_text(ours), encoding="utf-8")
    assert bare(read_opentitan(whole)) == bare(ours)


def _quoted(text: str) -> str:
    return f'"{text}"'


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            "stage: V1",
            "stage: V7",
            r"timer_testplan.hjson:8: testpoint smoke has the stage 'V7'; a stage is one of N\.A",
        ),
        ("      stage: V1\n", "", r"timer_testplan.hjson:8: testpoint smoke has no stage"),
        ("tests: []", "tests: smoke", r"timer_testplan.hjson:17: testpoint deadline_passed has no list of tests"),
        ("deadline_cg", "deadline", r"hjson:27: covergroup deadline: its name doesn't end in _cg"),
        ("name: deadline_passed", "name: smoke", r"testpoint smoke is there twice"),
        ('  name: "timer"\n', "", r"timer_testplan.hjson: a testplan needs a name; add a line such as name: uart"),
        ("name: smoke", "title: smoke", r"hjson:6: a testpoint has no name"),
        ("owner: ada", 'owner: {"a": 1}', r"hjson:17: deadline_passed: owner is of another kind than the format has"),
        ("common/reset", "common/none", r"hjson:5: the imported testplan common/none_testplan.hjson doesn't exist"),
        ('quick"]', "quick]", r"timer_testplan.hjson:\d+: not valid Hjson: "),
        ("testpoints: [", "testpoints: 3 // [", r"not valid Hjson|testpoints is no list"),
    ],
)
def test_broken_plan_is_told_with_file_and_line(timer: Path, before: str, after: str, sentence: str) -> None:
    assert before in TIMER
    timer.write_text(TIMER.replace(before, after, 1))
    with pytest.raises(InputError, match=sentence) as caught:
        read_opentitan(timer)
    assert caught.value.code == "PE207"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (
            'phases: ["never wr_en=9"]',
            r"plan.hjson:3: fill: phase 'never wr_en=9' is of another form; a phase is cycles",
        ),
        ('phases: ["0 wr_en=9"]', r"phase '0 wr_en=9' is of another form"),
        ('phases: ["40 wr_en"]', r"phase '40 wr_en' is of another form"),
    ],
)
def test_wrong_phases_are_told(tmp_path: Path, key: str, sentence: str) -> None:
    file = tmp_path / "plan.hjson"
    point = f"name: fill\n desc: x\n stage: V1\n tests: []\n {key}"
    file.write_text(f"{{ name: fifo\n testpoints: [ {{\n {point}\n }} ] }}")
    with pytest.raises(InputError, match=sentence):
        from_opentitan(read_opentitan(file))


def test_file_that_is_no_testplan_is_told(tmp_path: Path) -> None:
    file = tmp_path / "plan.hjson"
    with pytest.raises(InputError, match="can't be read: No such file"):
        read_opentitan(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not UTF-8 text"):
        read_opentitan(file)
    file.write_text("[1]")
    with pytest.raises(InputError, match="holds no testplan; it is one object"):
        read_opentitan(file)
    file.write_text("{name: x\n testpoints: []}")
    with pytest.raises(InputError, match="has neither testpoints nor covergroups"):
        read_opentitan(file)
