"""A lane build beside other work."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from verif.lanes.beside import Beside
from verif.lanes.trust import Chosen
from verif.sim.process import Processes


def test_closing_ends_a_build_in_the_middle(tmp_path: Path) -> None:
    began = threading.Event()

    def forever(processes: Processes) -> Chosen:
        began.set()
        for _ in range(1000):
            processes.run(
                ("sleep", "1000"), cwd=tmp_path, env=dict(os.environ), log=tmp_path / "log", timeout_seconds=1e6
            )
        raise AssertionError("it was ended")

    beside = Beside(forever)
    assert not beside.started
    beside.start()
    assert began.wait(60)
    assert beside.started and not beside.done
    beside.close()
    assert beside.done


def test_what_was_never_asked_for_is_never_made() -> None:
    def never(processes: Processes) -> Chosen:
        raise AssertionError("nobody asked")

    beside = Beside(never)
    beside.close()
    assert not beside.started and not beside.done
