"""Interrupts: one sentence and 130, also while a module is set up, where an exception can't be borne."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.support.command import ROOT

STOPS = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nprint('went on')\n"


def ran(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "stops.py").write_text(STOPS)
    text = f"import sys\nsys.path[:0] = [{str(ROOT)!r}, {str(folder)!r}]\nfrom verif.cli.signals import *\n{program}"
    command = [sys.executable, "-c", text, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_interrupt_while_a_module_is_imported_ends_with_the_sentence(tmp_path: Path) -> None:
    done = ran(tmp_path, "tell_interrupts(sys.argv)\nimport stops")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "posedge: PE901: interrupted; run the same command again to go on.\n"


def test_interrupt_under_json_gives_an_object(tmp_path: Path) -> None:
    done = ran(tmp_path, "tell_interrupts(sys.argv)\nimport stops", "--json")
    assert json.loads(done.stdout)["error"]["code"] == "PE901"


def test_interrupt_at_work_can_be_cleaned_up_after(tmp_path: Path) -> None:
    work = "".join(f"    {line}\n" for line in STOPS.splitlines())
    done = ran(tmp_path, f"tell_interrupts(sys.argv)\ntry:\n{work}except KeyboardInterrupt:\n    print('cleaned up')\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "cleaned up\n", "")


def test_caller_that_ignores_interrupts_is_left_alone(tmp_path: Path) -> None:
    program = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntell_interrupts(sys.argv)\nimport stops\n"
    done = ran(tmp_path, program)
    assert (done.returncode, done.stdout) == (0, "went on\n")
