"""Laws of faults: what a design does ends in a verdict and a sentence, the next call works, nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tests.support.harnesses import around
from tests.support.tools import need
from verif.errors import ToolError, Unsupported
from verif.sim.batch import Batch, BatchBuild, build_batch
from verif.sim.sandbox import Sandbox
from verif.verdict import Verdict
from verif.workspace import Workspace

LOST = 99
"""The value of ``a`` at which the designs below go wrong."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def endless(shared: Path) -> BatchBuild:
    body = f"""
  int turns;
  always_ff @(posedge clk) begin
    if (a == 8'd{LOST}) while (1) turns = turns + 1;
    y <= turns[31] ? 8'd0 : a;
  end
  assign bad = y == 8'd5;
"""
    return built(body, shared / "endless")


def built(body: str, place: Path) -> BatchBuild:
    return build_batch(around(body, place), workspace=Workspace(place.parent / "sim_builds"))


def lanes_with_a_fault(build: BatchBuild) -> np.ndarray:
    """Return four lanes: one that fails, one that is well, one that goes wrong, one that fails."""
    return build.stimulus.pack({"stim_a": [[5, 0, 0], [1, 1, 1], [0, LOST, 0], [5, 5, 5]]})


def judged(build: BatchBuild, verdict: Verdict, **options: object) -> str:
    """Run lanes with a fault, check that the others are judged and that nothing stays; return the sentence."""
    stimulus = lanes_with_a_fault(build)
    with Batch(build, **options) as batch:  # type: ignore[arg-type]
        batch.lanes(stimulus[:2])
        before = workers(build)
        lanes = batch.lanes(stimulus, observe=True)
        assert lanes.fault is not None
        assert (lanes.fault.verdict, lanes.fault.lane) == (verdict, 2)
        assert lanes.first_fail[:, 0].tolist() == [1, -1, -1, -1]
        assert lanes.observed is not None
        assert lanes.observed[1].any() and not lanes.observed[2:].any()
        after = batch.lanes(stimulus[3:])
        assert (after.fault, after.first_fail.tolist()) == (None, [[1]])
        assert batch.restarts == 1
        assert before and not before & workers(build)
    assert not workers(build)
    return lanes.fault.sentence


def workers(build: BatchBuild) -> set[int]:
    """Return the processes that run a library of ``build``."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(build.library) in words and os.fsencode(build.worker) in words:
                found.add(int(entry.name))
    return found


def test_an_endless_loop_times_out(endless: BatchBuild) -> None:
    assert judged(endless, Verdict.TIMEOUT, timeout=2.0) == "dut did not come to an end within 2 s."


def test_an_endless_loop_in_the_sandbox_times_out(endless: BatchBuild) -> None:
    need("bwrap")
    judged(endless, Verdict.TIMEOUT, timeout=2.0, sandbox=Sandbox.locate())


def test_a_combinational_loop_that_does_not_settle_is_an_error_that_names_it(shared: Path) -> None:
    body = f"""
  wire [7:0] around;
  assign around = a == 8'd{LOST} ? ~around : a;
  always_ff @(posedge clk) y <= around;
  assign bad = y == 8'd5;
"""
    build = built(body, shared / "loop")
    sentence = judged(build, Verdict.ERROR)
    assert sentence == (
        "dut does not settle: Input combinational region did not converge after 10000 tries; "
        f"combinational loop at {shared / 'loop' / 'dut.sv'}:10."
    )


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("zero", "initial forever #0 y = a;"),
        ("wait", "always begin #5 y = a; end"),
        ("event", "initial @(posedge clk);"),
    ],
)
def test_delays_and_waits_are_unsupported_with_their_place(name: str, statement: str, shared: Path) -> None:
    with pytest.raises(Unsupported) as error:
        built(f"  {statement}\n  assign bad = 0;", shared / name)
    assert error.value.code == "PE820"
    assert error.value.sentence == (
        f"{shared / name / 'dut.sv'}:9: the batch engine goes from edge to edge and can't wait for a delay or an event "
        "here; leave it to the cocotb bench, or move it out of the design."
    )


def test_a_delay_inside_an_assignment_counts_as_none(shared: Path) -> None:
    body = f"""
  always_ff @(posedge clk) y <= #1 a;
  assign #1 bad = y == 8'd{LOST};
"""
    build = built(body, shared / "late")
    with Batch(build) as batch:
        assert batch.lanes(build.stimulus.pack({"stim_a": [[0, LOST, 0, 0]]})).first_fail.tolist() == [[2]]


def test_what_is_no_verilog_is_unsupported_with_its_place(shared: Path) -> None:
    with pytest.raises(Unsupported) as error:
        built("  assign y = ;", shared / "wrong")
    assert error.value.where == f"{shared / 'wrong' / 'dut.sv'}:9"


def test_a_crash_is_an_error(shared: Path) -> None:
    body = f"""
  always_ff @(posedge clk) begin
    y <= a;
    if (a == 8'd{LOST}) $c("*(volatile int*)8 = 0;");
  end
  assign bad = y == 8'd5;
"""
    build = built(body, shared / "crash")
    assert judged(build, Verdict.ERROR) == "The simulation of dut was ended by SIGSEGV."
    need("bwrap")
    assert judged(build, Verdict.ERROR, sandbox=Sandbox.locate()) == "The simulation of dut was ended by SIGSEGV."


def test_too_much_memory_is_an_error(shared: Path) -> None:
    body = f"""
  logic [1023:0] words[$];
  always_ff @(posedge clk) begin
    y <= a;
    if (a == 8'd{LOST}) while (words.size() < 100_000_000) words.push_back({{128{{a}}}});
    if (words.size() != 0) y <= words[0][7:0];
  end
  assign bad = y == 8'd5;
"""
    build = built(body, shared / "memory")
    assert judged(build, Verdict.ERROR, memory_limit=200 * 2**20) == "dut took more than 200 MiB of memory."


@pytest.mark.parametrize(("statement", "how"), [("$finish", "$finish"), ("$stop", "$stop"), ("$fatal(1)", "$stop")])
def test_a_design_that_ends_the_run_ends_its_lane(statement: str, how: str, shared: Path) -> None:
    body = f"""
  always_ff @(posedge clk) begin
    y <= a;
    if (a == 8'd{LOST}) {statement};
  end
  assign bad = y == 8'd5;
"""
    build = built(body, shared / how.strip("$") / statement.strip("$()1"))
    with Batch(build) as batch:
        lanes = batch.lanes(lanes_with_a_fault(build), observe=True)
    assert lanes.fault is None
    assert lanes.ended.tolist() == [-1, -1, 1, -1]
    assert lanes.first_fail[:, 0].tolist() == [1, -1, -1, 1]
    assert lanes.ending == f"{how} at {build.harness.design.sources.files[0]}:12"
    assert lanes.observed is not None
    assert build.observed.get(lanes.observed, "obs_a")[2].tolist() == [0, LOST, 0]


def test_a_worker_that_is_killed_in_a_call_is_an_error(endless: BatchBuild) -> None:
    with Batch(endless, timeout=20.0) as batch:
        batch.lanes(lanes_with_a_fault(endless)[:1])
        (number,) = workers(endless)
        threading.Timer(0.3, os.kill, (number, signal.SIGKILL)).start()
        lanes = batch.lanes(lanes_with_a_fault(endless))
        assert lanes.fault is not None
        assert lanes.fault.sentence == "The simulation of dut was ended by SIGKILL."
        assert batch.lanes(lanes_with_a_fault(endless)[:1]).first_fail.tolist() == [[1]]


def test_a_worker_that_is_killed_between_calls_is_replaced(endless: BatchBuild) -> None:
    with Batch(endless) as batch:
        batch.lanes(lanes_with_a_fault(endless)[:1])
        (number,) = workers(endless)
        os.kill(number, signal.SIGKILL)
        while workers(endless):
            time.sleep(0.01)
        lanes = batch.lanes(lanes_with_a_fault(endless)[:2])
        assert (lanes.fault, lanes.first_fail.tolist()) == (None, [[1], [-1]])


def test_an_interrupted_call_takes_its_worker_along(endless: BatchBuild) -> None:
    with Batch(endless) as batch:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            batch.lanes(lanes_with_a_fault(endless))
        assert not workers(endless)
        assert batch.lanes(lanes_with_a_fault(endless)[:1]).fault is None


def test_a_fork_of_the_parent_leaves_the_worker_alone(endless: BatchBuild) -> None:
    with Batch(endless) as batch:
        batch.lanes(lanes_with_a_fault(endless)[:1])
        child = os.fork()
        if child == 0:
            batch.close()
            os._exit(0)
        os.waitpid(child, 0)
        assert batch.lanes(lanes_with_a_fault(endless)[:1]).first_fail.tolist() == [[1]]
        assert batch.restarts == 0


MEMORY_FILE = """
  logic [7:0] words[4];
  initial $readmemh("{file}", words);
  always_ff @(posedge clk) y <= words[a[1:0]];
  assign bad = 1'b0;
"""


@pytest.mark.parametrize("where", ["open", "sandbox"])
def test_a_design_reads_the_files_beside_it(shared: Path, where: str) -> None:
    if where == "sandbox":
        need("bwrap")
    folder = shared / "file"
    folder.mkdir(exist_ok=True)
    (folder / "words.hex").write_text("11 22 33 44", encoding="ascii")
    build = built(MEMORY_FILE.format(file=folder / "words.hex"), folder)
    with Batch(build, sandbox=Sandbox.locate() if where == "sandbox" else None) as batch:
        run = batch.run(build.stimulus.pack({"stim_a": [0, 1, 2, 3, 0]}), observe=True)
    assert run.observed is not None
    assert build.observed.get(run.observed, "obs_y").tolist() == [0x11, 0x11, 0x22, 0x33, 0x44]


PARENT = """
import sys
from pathlib import Path
from tests.support.harnesses import around
from verif.sim.batch import Batch, build_batch
from verif.sim.sandbox import Sandbox
from verif.workspace import Workspace
from tests.verif.sim.batch.test_faults import built, lanes_with_a_fault
build = built(sys.stdin.read(), Path(sys.argv[1]))
with Batch(build, sandbox=Sandbox.locate() if sys.argv[2] == "sandbox" else None) as batch:
    batch.lanes(lanes_with_a_fault(build)[:1])
    print("ready", flush=True)
    batch.lanes(lanes_with_a_fault(build))
"""


@pytest.mark.parametrize("where", ["open", "sandbox"])
def test_no_worker_outlives_a_killed_parent(endless: BatchBuild, shared: Path, where: str) -> None:
    if where == "sandbox":
        need("bwrap")
    body = (shared / "endless" / "dut.sv").read_text(encoding="utf-8").split(");\n", 1)[1].rsplit("\nendmodule", 1)[0]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(shared / "endless"), where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[4],
    )
    assert parent.stdin is not None and parent.stdout is not None
    parent.stdin.write(body)
    parent.stdin.close()
    assert parent.stdout.readline() == "ready\n"
    assert workers(endless)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while workers(endless) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not workers(endless)


def test_a_library_that_is_gone_is_an_error_of_the_tool(shared: Path) -> None:
    build = built("  assign y = a;\n  assign bad = 0;", shared / "gone")
    build.library.write_bytes(b"no library")
    with Batch(build) as batch, pytest.raises(ToolError) as error:
        batch.lanes(lanes_with_a_fault(build))
    assert error.value.code == "PE821"
    assert error.value.sentence.startswith(f"{build.worker}: the worker of the batch engine can't start: ")
    assert str(build.library) in error.value.sentence
