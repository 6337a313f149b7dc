"""``differ`` on designs of a few lines: each status with the input that must not get it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.refactors import REFACTORS
from tests.support.rtl import Kept
from verif.campaign.differences.comparing import DiffOptions
from verif.campaign.differences.controls import denies
from verif.campaign.differences.differing import DiffRequest, differ
from verif.campaign.differences.result import DiffResult
from verif.campaign.differences.revisions import revisions
from verif.design.model import SourceSet
from verif.design.sources import resolve_sources
from verif.errors import InputError
from verif.sim import toolchain
from verif.verdict import DiffStatus
from verif.workspace import Workspace

MACHINE = """
module dut (input wire clk, input wire rst, input wire go, input wire [3:0] a, output wire busy, output reg [3:0] y);
  localparam [1:0] IDLE = 2'd0, RUN = 2'd1, LAST = 2'd2;
  reg [1:0] state;
  assign busy = state != IDLE;
  always @(posedge clk)
    if (rst) begin state <= IDLE; y <= 0; end
    else case (state)
      IDLE: if (go) begin state <= RUN; y <= a; end
      RUN: begin y <= y + 4'd3; if (y[3]) state <= LAST; end
      default: state <= IDLE;
    endcase
endmodule
"""
ONE_HOT = (
    MACHINE.replace("[1:0] IDLE = 2'd0, RUN = 2'd1, LAST = 2'd2", "[2:0] IDLE = 3'b001, RUN = 3'b010, LAST = 3'b100")
    .replace("reg [1:0] state", "reg [2:0] code")
    .replace("state", "code")
)
QUEUE = """
module dut (
  input wire clk, input wire rst, input wire push, input wire pop, input wire [3:0] a,
  output wire [3:0] y, output reg [3:0] level
);
  reg [3:0] kept [15:8];
  reg [2:0] head, tail;
  wire in = push && !level[3], out = pop && level != 0;
  assign y = level == 0 ? 4'd0 : kept[{1'b1, tail}];
  always @(posedge clk) begin
    if (in) kept[{1'b1, head}] <= a;
    if (rst) begin head <= 0; tail <= 0; level <= 0; end
    else begin head <= head + in; tail <= tail + out; level <= level + in - out; end
  end
endmodule
"""
QUEUE_BY_POINTERS = (
    QUEUE.replace("reg [2:0] head, tail;", "reg [3:0] head, tail; assign level = head - tail;")
    .replace("output reg [3:0] level", "output wire [3:0] level")
    .replace("head}]", "head[2:0]}]")
    .replace("tail}]", "tail[2:0]}]")
    .replace(" level <= 0;", "")
    .replace(" level <= level + in - out;", "")
)
BOX = """
module pll (input wire clk, input wire [3:0] a, output wire [3:0] y); endmodule
module dut (input wire clk, input wire rst, input wire [3:0] a, output reg [3:0] q);
  wire [3:0] y;
  pll u_pll (.clk(clk), .a(a), .y(y));
  always @(posedge clk) if (rst) q <= 0; else q <= ~y;
endmodule
"""


def sources(place: Path, text: str, **options: object) -> SourceSet:
    place.mkdir(parents=True, exist_ok=True)
    (place / "dut.v").write_text(text, encoding="utf-8")
    return resolve_sources([place / "dut.v"], top="dut", **options)  # type: ignore[arg-type]


def compare(
    place: Path,
    old: str,
    new: str,
    *,
    seconds: float = 60.0,
    depth: int | None = None,
    boxes: tuple[str, ...] = (),
    called: Mapping[str, str] | None = None,
    ties: Mapping[str, int] | None = None,
    common: bool = False,
    recordings: tuple[Path, ...] = (),
) -> DiffResult:
    """Compare two texts of the module ``dut``."""
    request = DiffRequest(
        old=sources(place / "old", old, blackboxes=boxes),
        new=sources(place / "new", new, blackboxes=boxes),
        called=called or {},
        ties=ties or {},
        common=common,
        recordings=recordings,
        out=place / "out",
    )
    options = DiffOptions(seconds=seconds, patience=10.0, depth=depth)
    return differ(request, options, workspace=Workspace(place / "builds"))


def test_other_encoding_of_states_is_proved_and_the_control_is_different(tmp_path: Path) -> None:
    found = compare(tmp_path, MACHINE, ONE_HOT)
    assert found.status is DiffStatus.PROVED, found.why
    assert found.control and found.control.different
    assert [port.proved for port in found.ports] == [True, True]
    assert {"reset", "start values", "clocks", "X", "inputs", "black boxes"} == {
        each.name for each in found.assumptions
    }


@pytest.mark.parametrize("renamed", [False, True])
def test_memory_behind_other_pointers_is_proved(renamed: bool, tmp_path: Path) -> None:
    new = QUEUE_BY_POINTERS.replace("kept", "words") if renamed else QUEUE_BY_POINTERS
    found = compare(tmp_path, QUEUE, new)
    assert found.status is DiffStatus.PROVED, found.why
    assert (found.relations or {})["same name"] == 10, "two pointers and eight words"


def test_memory_that_one_wrong_write_reaches_is_different(tmp_path: Path) -> None:
    found = compare(tmp_path, QUEUE, QUEUE_BY_POINTERS.replace("if (in) kept", "if (push) kept"))
    assert found.status is DiffStatus.DIFFERENT
    assert found.difference and set(found.difference.ports) == {"y"}


def test_control_takes_mutants_that_a_few_inputs_show(tmp_path: Path) -> None:
    """Most mutants here change what shows after 2^20 cycles only; a search of a few cycles tells none of those."""
    counters = "".join(f" if (n{k} == 20'd{k}) y[{k}] <= 1; n{k} <= n{k} + 1;" for k in range(1, 8))
    old = "module dut (input wire clk, input wire rst, input wire a, output reg [7:0] y); reg [19:0] "
    old += f"{', '.join(f'n{k}' for k in range(1, 8))}; always @(posedge clk) if (rst) begin y <= 0;"
    old += f"{''.join(f' n{k} <= {k + 50};' for k in range(1, 8))} end else begin y[0] <= a;{counters} end endmodule"
    found = compare(tmp_path, old, f"// the same\n{old}")
    assert found.status is DiffStatus.PROVED, found.why
    assert found.control and len(found.control.different) == 2 and not found.control.undecided


def test_mutant_that_only_the_reading_of_an_x_shows_is_not_held_against_a_proof(tmp_path: Path) -> None:
    """Icarus takes the second branch of a condition that is X; no two-state run has it."""
    old = "module dut (input wire clk, output reg y); reg q; always @(posedge clk) q <= q;"
    old += " always @* if (q == q) y = 1'b1; else y = 1'b0; endmodule"
    found = compare(tmp_path, old, f"// the same\n{old}")
    assert found.status is DiffStatus.PROVED, found.why
    assert found.control and found.control.undecided and not found.control.missed


@pytest.mark.parametrize(
    ("status", "bound", "denied"),
    [
        (DiffStatus.PROVED, None, True),
        (DiffStatus.BOUNDED, 5, True),
        (DiffStatus.BOUNDED, 4, False),
        (DiffStatus.DIFFERENT, None, False),
        (DiffStatus.X_ONLY, None, False),
    ],
)
def test_search_denies_a_shown_difference_where_it_went_as_far(
    status: DiffStatus, bound: int | None, denied: bool
) -> None:
    assert denies(DiffResult(old="", new="", top="dut", status=status, bound=bound), 5) is denied


def test_interrupt_in_a_control_keeps_the_answer(tmp_path: Path) -> None:
    old, new = sources(tmp_path / "old", MACHINE), sources(tmp_path / "new", f"// the same\n{MACHINE}")

    def interrupt(done: float, total: float | None, text: str) -> None:
        if text.startswith("control"):
            raise KeyboardInterrupt

    request, options = DiffRequest(old=old, new=new), DiffOptions(patience=10.0)
    found = differ(request, options, workspace=Workspace(tmp_path / "builds"), progress=interrupt)
    assert (found.status, found.interrupted) == (DiffStatus.PROVED, True)
    assert found.control and found.control.why == "it was interrupted"


def test_difference_is_shown_by_a_test_that_passes_on_old_and_fails_on_new(tmp_path: Path) -> None:
    found = compare(tmp_path, MACHINE, ONE_HOT.replace("4'd3", "4'd5"))
    assert found.status is DiffStatus.DIFFERENT
    assert found.difference and set(found.difference.ports) == {"y"}
    (test,) = found.files
    assert "verif" not in test.read_text() and str(tmp_path) not in test.read_text()
    codes = [subprocess.run([sys.executable, test, side], capture_output=True).returncode for side in ("old", "new")]
    assert codes == [0, 1]


@pytest.mark.slow
def test_difference_that_only_an_unknown_bit_shows_is_x_only(tmp_path: Path) -> None:
    old = "module dut (input wire clk, input wire a, output wire y); reg q = 0; always @(posedge clk) q <= q ^ a;"
    old += " assign y = q; endmodule"
    found = compare(tmp_path, old, old.replace("q = 0", "q"), seconds=40.0)
    assert found.status is DiffStatus.X_ONLY
    assert found.difference and found.difference.ports == {"y": ("0", "x")}


@pytest.mark.slow
def test_late_difference_is_bounded_and_says_how_far_it_looked(tmp_path: Path) -> None:
    old = "module dut (input wire clk, input wire rst, output wire y); reg [40:0] n;"
    old += " always @(posedge clk) if (rst) n <= 0; else n <= n + 1; assign y = n[40]; endmodule"
    found = compare(tmp_path, old, old.replace("n[40]", "1'b0"), depth=25, seconds=600.0)
    assert (found.status, found.bound) == (DiffStatus.BOUNDED, 25)


def test_start_values_of_renamed_registers_are_assumed_equal_and_told(tmp_path: Path) -> None:
    old = "module dut (input wire clk, input wire [3:0] a, output wire [3:0] y); reg [3:0] kept;"
    old += " always @(posedge clk) if (a[0]) kept <= a; assign y = ~kept; endmodule"
    found = compare(tmp_path, old, old.replace("kept", "held"))
    assert found.status is DiffStatus.PROVED, found.why
    assert any("kept of OLD and held of NEW start equal" in each.text for each in found.assumptions)
    told = compare(tmp_path / "told", old, old.replace("kept", "held"), called={"kept": "held"})
    assert told.status is DiffStatus.PROVED


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("q <= ~y", "q <= y ^ 4'hf"), DiffStatus.PROVED),
        (("~y", "y"), DiffStatus.DIFFERENT),
        ((".a(a)", ".a(a + 4'd1)"), DiffStatus.DIFFERENT),
        (("u_pll", "u_other"), DiffStatus.BOUNDED),
    ],
)
def test_black_boxes_need_a_partner_and_equal_inputs(
    change: tuple[str, str], status: DiffStatus, tmp_path: Path
) -> None:
    found = compare(tmp_path, BOX, BOX.replace(*change), boxes=("pll",), seconds=30.0)
    assert found.status is status
    assert found.status is not DiffStatus.BOUNDED or (found.bound == 0 and "in one version only" in found.why)


def test_black_box_without_ports_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing says what ports the black box pll has") as refusal:
        compare(tmp_path, BOX.partition("endmodule")[2], BOX.partition("endmodule")[2], boxes=("pll",))
    assert refusal.value.code == "PE927"


def test_other_ports_are_incomparable_unless_told_how_they_belong_together(tmp_path: Path) -> None:
    wider = MACHINE.replace("output reg [3:0] y", "output reg [3:0] y, output wire extra").replace(
        "assign busy", "assign extra = go; assign busy"
    )
    found = compare(tmp_path, MACHINE, wider)
    assert (found.status, found.incomparable) == (DiffStatus.INCOMPARABLE, ("output extra is only in NEW",))
    assert compare(tmp_path, MACHINE, wider, common=True).status is DiffStatus.PROVED
    resized = compare(tmp_path, MACHINE, MACHINE.replace("[3:0] a", "[4:0] a"))
    assert resized.incomparable == ("input a has 4 bits in OLD and 5 in NEW",)


def test_input_that_only_new_has_is_tied(tmp_path: Path) -> None:
    new = MACHINE.replace("input wire go", "input wire off, input wire go").replace("if (go)", "if (go && !off)")
    assert compare(tmp_path, MACHINE, new).status is DiffStatus.INCOMPARABLE
    assert compare(tmp_path, MACHINE, new, ties={"off": 0}).status is DiffStatus.PROVED
    with pytest.raises(InputError, match="--tie go: that is no input that only NEW has; there are off"):
        compare(tmp_path, MACHINE, new, ties={"go": 0})


STRUCTS = """
package kinds; typedef struct packed { logic [3:0] number; logic valid; } item; endpackage
module dut (input logic clk, input logic rst, input kinds::item a, input logic b [2], output kinds::item y);
  kinds::item kept;
  assign y = kept;
  always_ff @(posedge clk) if (rst) kept <= '0; else kept <= b[0] && b[1] ? a : kept;
endmodule
"""


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("b[0] && b[1] ? a : kept", "!(b[0] && b[1]) ? kept : a"), DiffStatus.PROVED),
        (("logic [3:0] number; logic valid;", "logic valid; logic [3:0] number;"), DiffStatus.PROVED),
        (("b[0] && b[1] ?", "b[0] ?"), DiffStatus.DIFFERENT),
        (("logic valid;", "logic valid; logic more;"), DiffStatus.INCOMPARABLE),
    ],
)
def test_ports_that_are_structs_or_arrays_are_compared_part_by_part(
    change: tuple[str, str], status: DiffStatus, tmp_path: Path
) -> None:
    found = compare(tmp_path, STRUCTS, STRUCTS.replace(*change))
    assert found.status is status, found.why
    names = {port.port for port in found.ports}
    assert names == ({"y_number", "y_valid"} if status is not DiffStatus.INCOMPARABLE else set())


def test_difference_at_an_array_is_shown_by_verilator_where_icarus_shows_nothing(tmp_path: Path) -> None:
    old = "module dut (input logic clk, input logic rst, input logic [1:0] a [2], output logic [1:0] y [2]);"
    old += " always_ff @(posedge clk) if (rst) y <= '{0, 0}; else begin y[0] <= a[0]; y[1] <= a[1]; end endmodule"
    found = compare(tmp_path, old, old.replace("y[0] <= a[0]", "y[0] <= a[1]"))
    assert found.status is DiffStatus.DIFFERENT
    assert found.difference and found.difference.judged_on == "verilator"
    (test,) = found.files
    path = f"{toolchain.need('verilator').path.parent}{os.pathsep}{os.environ['PATH']}"
    codes = [
        subprocess.run([sys.executable, test, side], capture_output=True, env=os.environ | {"PATH": path}).returncode
        for side in ("old", "new")
    ]
    assert codes == [0, 1]


def test_tops_of_other_names_are_refused_unless_mapped(tmp_path: Path) -> None:
    request = DiffRequest(old=sources(tmp_path / "old", MACHINE), new=sources(tmp_path / "new", MACHINE))
    new = MACHINE.replace("module dut", "module core")
    (tmp_path / "new" / "dut.v").write_text(new, encoding="utf-8")
    other = DiffRequest(old=request.old, new=resolve_sources([tmp_path / "new" / "dut.v"]))
    with pytest.raises(InputError, match=r"the top of OLD is dut, and that of NEW is core.*--map dut=core"):
        differ(other, DiffOptions(), workspace=Workspace(tmp_path / "builds"))


def test_recording_is_played_first(tmp_path: Path) -> None:
    """A difference that no search of the time that is given finds."""
    old = "module dut (input wire clk, input wire [31:0] a, output reg y); always @(posedge clk) y <= 1'b0; endmodule"
    new = old.replace("1'b0", "a == 32'd123456789")
    lines = ["$timescale 1ns $end", "$scope module top $end", "$var wire 1 ! clk $end", "$var wire 32 # a $end"]
    lines += ["$upscope $end", "$enddefinitions $end", "#0", "0!", f"b{123456789:b} #"]
    lines += [line for time in range(1, 9) for line in (f"#{5 * time}", f"{time % 2}!")]
    (tmp_path / "run.vcd").write_text("\n".join(lines) + "\n")
    found = compare(tmp_path, old, new, recordings=(tmp_path / "run.vcd",))
    assert found.difference and found.difference.found_by == "recording"
    assert found.difference.ports == {"y": ("0", "1")}


def test_revisions_of_a_repository_are_written_out(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        name = ("-c", "user.name=A", "-c", "user.email=a@example.com")
        subprocess.run(("git", *name, "-C", str(tmp_path), *words), check=True, capture_output=True)

    git("init", "-q")
    for text in ("one", "two"):
        (tmp_path / "rtl").mkdir(exist_ok=True)
        (tmp_path / "rtl" / "a.v").write_text(text)
        git("add", "rtl")
        git("commit", "-qm", text)
    workspace = Workspace(tmp_path / "builds")
    old, new = revisions("HEAD~1..", [str(tmp_path / "rtl")], workspace)
    assert [(Path(side) / "a.v").read_text() for side in (old, new)] == ["one", "two"]
    with pytest.raises(InputError, match="git knows no revision v9") as refusal:
        revisions("v9..HEAD", [str(tmp_path / "rtl")], workspace)
    assert refusal.value.code == "PE925"


def test_refactors_are_versions_of_their_designs_with_another_text() -> None:
    assert len({each.text for each in REFACTORS}) == len(REFACTORS) >= 40
    assert all(each.text != Kept(each.design).source.read_text(encoding="utf-8") for each in REFACTORS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["states_one_hot", "states_as_last_bits", "states_numbered_anew"])
def test_refactor_of_a_machine_is_proved(name: str, tmp_path: Path) -> None:
    (each,) = [each for each in REFACTORS if each.name == name and each.design == "sequence_detector"]
    old = resolve_sources([Kept(each.design).source])
    (tmp_path / "new.sv").write_text(each.text, encoding="utf-8")
    request = DiffRequest(old=old, new=resolve_sources([tmp_path / "new.sv"]))
    assert differ(request, DiffOptions(), workspace=Workspace(tmp_path / "builds")).status is DiffStatus.PROVED
