"""Laws of running programs in groups of their own."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

import pytest

from verif.sim.process import Ended, Processes, Stopped


def run(folder: Path, code: str, *, processes: Processes | None = None, timeout: float = 60) -> Ended:
    return (processes or Processes()).run(
        [sys.executable, "-c", code], cwd=folder, env=dict(os.environ), log=folder / "log", timeout_seconds=timeout
    )


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_output_and_status_are_kept(tmp_path: Path) -> None:
    ended = run(tmp_path, "import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)")
    assert (ended.returncode, ended.timed_out) == (7, False)
    assert sorted((tmp_path / "log").read_text().split()) == ["err", "out"]


def test_child_that_outlives_its_parent_is_ended(tmp_path: Path) -> None:
    code = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid)"
    assert run(tmp_path, code).returncode == 0
    assert not alive(int((tmp_path / "log").read_text()))


def test_program_that_floods_its_log_is_ended(tmp_path: Path) -> None:
    ended = run(tmp_path, "while True: print('x' * 1000)", processes=Processes(log_limit=100_000))
    assert (ended.flooded, ended.timed_out, ended.returncode) == (True, False, -9)


def test_stopped_keeper_starts_nothing(tmp_path: Path) -> None:
    processes = Processes()
    processes.stop()
    with pytest.raises(Stopped):
        run(tmp_path, "open('made', 'w')", processes=processes)
    assert not (tmp_path / "made").exists()


def test_program_runs_beside_more_than_a_thousand_open_files(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard) if hard > 0 else 4096, hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        assert run(tmp_path, "print('out')").returncode == 0
    finally:
        for descriptor in opened:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
