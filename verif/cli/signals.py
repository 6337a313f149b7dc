"""Interrupts: one sentence and exit code 130, at any time."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

INTERRUPTED = 130
"""Exit code of an interrupted command."""
INTERRUPT_CODE = "PE901"
INTERRUPT_SENTENCE = "interrupted; run the same command again to go on."
_IMPORTING = "<frozen importlib._bootstrap>"


@contextmanager
def interrupted_by_sigterm() -> Iterator[None]:
    """Raise KeyboardInterrupt in the main thread where the process is asked to end."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def tell_interrupts(arguments: list[str]) -> None:
    """From now on let an interrupt that comes while a module is imported end the process with the sentence.

    Libraries written in C++ can't bear an exception while they are set up: they end the process with a dump of their
    own. Nothing is under way by then that would have to be cleaned up. Any other interrupt is a KeyboardInterrupt.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        if not _importing(frame):
            _interrupt(number, frame)
        if "--json" in arguments:
            print(interrupt_json())
        print(f"posedge: {INTERRUPT_CODE}: {INTERRUPT_SENTENCE}", file=sys.stderr)
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(INTERRUPTED)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, handle)


def interrupt_json() -> str:
    """Return the ``--json`` object of an interrupted command."""
    return json.dumps({"schema": 1, "error": {"code": INTERRUPT_CODE, "message": INTERRUPT_SENTENCE}})


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == _IMPORTING:
            return True
        frame = frame.f_back
    return False
