"""Laws of the sandbox."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.benches import PASSING, module
from tests.support.tools import need
from verif.design.model import SourceSet
from verif.errors import ToolError
from verif.sim.registry import simulator
from verif.sim.sandbox import Sandbox
from verif.sim.seam import BuildRequest, RunRequest
from verif.verdict import Verdict
from verif.workspace import Workspace

WRITER = """
module writer (input wire clk, output reg q);
  integer file;
  initial begin
    file = $fopen("{place}", "w");
    if (file != 0) $fwrite(file, "escaped");
    q = 0;
  end
endmodule
"""


@pytest.fixture
def sandbox() -> Sandbox:
    need("bwrap")
    return Sandbox.locate()


def inside(prefix: tuple[str, ...], code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*prefix, sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_sandbox_writes_only_where_it_may(sandbox: Sandbox, tmp_path: Path) -> None:
    inner, outer = tmp_path / "inner", tmp_path / "outer"
    inner.mkdir()
    outer.mkdir()
    prefix = sandbox.prefix(readable=[outer], writable=[inner])
    assert inside(prefix, f"open(r'{inner}/file', 'w').write('x')").returncode == 0
    refused = inside(prefix, f"open(r'{outer}/file', 'w').write('x')")
    assert "Read-only file system" in refused.stderr
    assert [path.name for path in (*inner.iterdir(), *outer.iterdir())] == ["file"]


def test_sandbox_hides_what_was_not_named(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    assert "No such file" in inside(sandbox.prefix(), f"open(r'{tmp_path}/secret')").stderr


def test_sandbox_has_no_network(sandbox: Sandbox) -> None:
    code = (
        "import socket; print([name for _, name in socket.if_nameindex()]); socket.create_connection(('127.0.0.1', 9))"
    )
    alone = inside(sandbox.prefix(), code)
    assert alone.stdout.strip() in ("['lo']", "[]")
    assert "refused" in alone.stderr or "unreachable" in alone.stderr
    listening = (
        "import socket, sys; s = socket.create_server(('127.0.0.1', 0)); "
        "print(s.getsockname()[1], flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", listening], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        reach = f"import socket; socket.create_connection(('127.0.0.1', {port})); print('reached')"
        assert "reached" in inside((), reach).stdout
        assert "reached" not in inside(sandbox.prefix(), reach).stdout
        server.terminate()


def test_read_only_view_shows_a_copy_in_the_folders_place(sandbox: Sandbox, tmp_path: Path) -> None:
    real, copy = tmp_path / "real", tmp_path / "copy"
    real.mkdir()
    copy.mkdir()
    done = inside(sandbox.read_only_prefix({copy: real}), f"open(r'{real}/made', 'w').write('x')")
    assert done.returncode == 0
    assert ((copy / "made").exists(), (real / "made").exists()) == (True, False)


@pytest.mark.parametrize("name", ["icarus", "verilator"])
def test_rtl_in_the_sandbox_cannot_write_outside(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    escape = tmp_path / "escaped.txt"
    (tmp_path / "rtl").mkdir()
    rtl = tmp_path / "rtl" / "writer.sv"
    rtl.write_text(WRITER.format(place=escape))
    tests = module(tmp_path / "tests", PASSING)
    for wrapped in (sandbox, None):
        backend = simulator(name, workspace=Workspace(tmp_path / "sim_builds"), sandbox=wrapped)
        build = backend.build(BuildRequest(sources=SourceSet(files=(rtl,)), top="writer"))
        outcome = backend.run(
            RunRequest(
                build=build,
                test_modules=(tests,),
                python_path=(tmp_path / "tests",),
                seed=1,
                directory=tmp_path / "run",
            )
        )
        assert outcome.verdict is Verdict.PASS, outcome.log.read_text()
        # The control: without the sandbox the same build does write there.
        assert escape.exists() == (wrapped is None)


def test_missing_bubblewrap_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError) as error:
        Sandbox.locate()
    assert error.value.sentence == (
        f"bwrap not found (searched PATH={tmp_path}); it is needed for running RTL that a model wrote (generate); "
        "install it with 'apt install bubblewrap'."
    )
