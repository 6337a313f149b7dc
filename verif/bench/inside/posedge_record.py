"""Record the traffic at the top's ports beside a bench's own tests; $POSEDGE_RECORD names a JSON file that says how.

It only looks: callbacks of the simulator interface, below cocotb's tasks, so nothing of the tests changes and nothing
of theirs ends it. The job has ``file`` to write, ``ports`` as ``[name, width]``, inputs first, ``inputs`` as their
number, ``edges`` as the indices of the inputs whose edges the design waits for, and ``most`` events.

The recording is lines of text. ``T name`` begins a test. With edges, each change of such an input gives ``S`` and the
ports that changed up to it, as ``index=bits``, all settled, then ``E`` with the new value, ``@`` before it where no
time has passed since the last edge. Without edges there is an ``S`` for each time at which inputs changed. Bits are
01XZ. ``END`` is the last line, ``CUT`` where there were more events.
"""

from __future__ import annotations

import atexit
import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import cocotb
from cocotb import regression, simulator

warnings.filterwarnings("ignore", message=f"No tests were discovered in module: '?{__name__}'?")


class Recorder:
    """Writes what happens at the ports."""

    def __init__(self, job: dict[str, Any], top: Any, file: TextIO) -> None:
        self._file = file
        self._left: int = job["most"]
        self._inputs: int = job["inputs"]
        self._handles = [top[name]._handle for name, _ in job["ports"]]
        self._read: list[Callable[[], str]] = [handle.get_signal_val_binstr for handle in self._handles]
        self._last = [""] * len(self._read)
        self._test: Any = None
        self._time = (-1, -1)
        self._callbacks: dict[int, Any] = {}
        self._settling: Any = None
        for index in job["edges"]:
            self._wait(index, self._edge)
        if not job["edges"]:
            for index in range(self._inputs):
                self._wait(index, self._changed)

    def _wait(self, index: int, react: Callable[[int], None]) -> None:
        change = simulator.VALUE_CHANGE
        self._callbacks[index] = simulator.register_value_change_callback(self._handles[index], react, change, index)

    def _edge(self, index: int) -> None:
        """Write what held before the edge, then the edge; every other port still has its value from before it."""
        self._wait(index, self._edge)
        value = self._read[index]()
        if value == self._last[index] or not self._counts():
            return
        now = simulator.get_sim_time()
        self._sample(without=index)
        self._last[index] = value
        self._file.write(f"E {'@' if now == self._time else ''}{index}={value}\n")
        self._time = now

    def _changed(self, index: int) -> None:
        """Wait until all has settled, then sample."""
        self._wait(index, self._changed)
        if self._settling is None:
            self._settling = simulator.register_readonly_callback(self._settled)

    def _settled(self) -> None:
        self._settling = None
        if self._counts():
            self._sample()

    def _counts(self) -> bool:
        """Count an event; tell of a test that has begun since the last one."""
        test = getattr(getattr(regression, "_manager_inst", None), "_test", None)
        if test is not self._test:
            self._test = test
            self._file.write(f"T {getattr(test, 'fullname', '')}\n")
        self._left -= 1
        return self._left >= 0

    def _sample(self, without: int = -1) -> None:
        last, changed = self._last, []
        for index, read in enumerate(self._read):
            if index != without and (value := read()) != last[index]:
                last[index] = value
                changed.append(f"{index}={value}")
        self._file.write(f"S {' '.join(changed)}\n" if changed else "S\n")

    def close(self) -> None:
        """Write the last line, and look no more: Verilator breaks where callbacks outlive Python."""
        for callback in self._callbacks.values():
            callback.deregister()
        self._file.write("END\n" if self._left >= 0 else "CUT\n")
        self._file.close()


def start() -> None:
    """Record from now on, as the job says."""
    job = json.loads(Path(os.environ["POSEDGE_RECORD"]).read_text(encoding="utf-8"))
    file = Path(job["file"]).open("w", encoding="ascii")  # noqa: SIM115 the recorder closes it when Python ends
    recorder = Recorder(job, cocotb.top, file)
    atexit.register(recorder.close)


start()
