"""The worker process: started, asked, killed."""

from __future__ import annotations

import array
import contextlib
import os
import select
import signal
import socket
import struct
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from verif.sim.batch.sharing import Piece, Place, Sharing
from verif.sim.sandbox import Sandbox

_REQUEST = struct.Struct("<IIIIIIIIQQQQ22Q")
_CONTROL = struct.Struct("<QIIII1008s1024s")
_FINISHED = struct.Struct("<Q")
_NOWHERE = 2**64 - 1
_SHARE, _FORGET, _RUN = 1, 2, 3

_DYING_SECONDS = 5.0
"""How long killed processes may take to go."""

CONTROL_BYTES = _CONTROL.size
"""Where the coverage counters begin in the control page."""


class Cause(IntEnum):
    """What the worker says of its own end; the numbers are those of ``worker.cpp``."""

    NONE = 0
    FATAL = 1
    MEMORY = 2
    LIBRARY = 3


class Silence(Exception):
    """No answer came in time."""


class Gone(Exception):
    """The worker's end of the line is closed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """Stimulus that a lane library draws itself."""

    seed: int
    """32 bits."""
    guide: int = 0
    """Rows of a guide, which the call's stimulus then is."""
    shown: bool = False
    """Whether the rows that were drawn are wanted in place of observed ones."""
    first: int = 0
    """Number of the first lane, a multiple of 64."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call of the library: where its arrays lie, None where there is none."""

    lanes: int
    ticks: int
    fresh: bool
    seed: int
    zero: bool
    stimulus: Place | None
    lengths: Place | None
    first_fail: Place | None
    seen: Place | None
    ended: Place | None
    observed: Place | None
    hits: Place | None = None
    hit_ticks: Place | None = None
    select: Place | None = None
    """Number of each lane's mutant: all play the rows of the first lane, the original."""
    differs: Place | None = None
    touched: Place | None = None
    stop: int = 0
    stimuli: int = 1
    """How many share a word of lanes, where mutants run."""
    """Whether a lane of a mutant ends at its first failure."""
    draw: Draw | None = None
    """How a lane library draws the stimulus; None: it is given."""

    @property
    def places(self) -> tuple[Place | None, ...]:
        """The arrays, in the order in which the worker expects them."""
        results = (self.first_fail, self.seen, self.ended, self.observed, self.hits, self.hit_ticks)
        return (self.stimulus, self.lengths, *results, self.select, self.differs, self.touched)

    def packed(self) -> bytes:
        """Return the request."""
        numbers = [number for at in self.places for number in ((at.piece.number, at.offset) if at else (_NOWHERE, 0))]
        draw = self.draw or Draw(seed=0)
        return _REQUEST.pack(
            *(_RUN, self.fresh, self.seed, self.zero, draw.guide, draw.shown, self.stop, self.stimuli),
            *(draw.seed, draw.first, self.lanes, self.ticks, *numbers),
        )

    def pieces(self) -> Iterable[Piece]:
        """Give the pieces of memory that the worker must know."""
        return (place.piece for place in self.places if place)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What the control page tells."""

    finished: int
    """Lanes that are done."""
    ready: bool
    """Whether the library was loaded."""
    cause: Cause
    file: str
    line: int
    message: str


class Worker:
    """A process that runs one library. It ends with this object, and with this process, however that ends."""

    def __init__(
        self,
        program: Path,
        library: Path,
        control: Place,
        *,
        memory_limit: int,
        sandbox: Sandbox | None,
        readable: Iterable[Path] = (),
    ) -> None:
        """``readable`` are folders that the design may read from inside the sandbox."""
        self._control = control
        self._owner = os.getpid()
        self._known: dict[int, Piece] = {}
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line = ours
        parent = _descriptor_of_this_process()
        self._complaints = os.memfd_create("posedge-worker", os.MFD_CLOEXEC)
        prefix = sandbox.prefix(readable=(library.parent, *readable)) if sandbox else ()
        words = (str(program), str(library), str(theirs.fileno()), str(parent), str(memory_limit))
        try:
            self.process = subprocess.Popen(
                [*prefix, *words],
                cwd=library.parent,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                pass_fds=[descriptor for descriptor in (theirs.fileno(), parent) if descriptor >= 0],
                start_new_session=True,
            )
        finally:
            theirs.close()
            if parent >= 0:
                os.close(parent)
        control.piece.memory[: _CONTROL.size] = bytes(_CONTROL.size)
        with contextlib.suppress(Gone):
            self._share(control.piece)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def processes(self) -> tuple[int, ...]:
        """Return the process and its descendants."""
        found = [self.process.pid]
        for number in found:
            for children in Path(f"/proc/{number}/task").glob("*/children"):
                found.extend(int(word) for word in children.read_text(encoding="ascii").split())
        return tuple(found)

    def ask(self, call: Call, sharing: Sharing, timeout: float) -> None:
        """Run a call; Silence where it doesn't end within ``timeout`` seconds, Gone where the worker ends instead."""
        self._forget({piece.number for piece in sharing.live()})
        for piece in call.pieces():
            if piece.number not in self._known:
                self._share(piece)
        _FINISHED.pack_into(self._control.piece.memory, 0, 0)
        self._send(call.packed())
        waiting = select.poll()
        waiting.register(self._line, select.POLLIN)
        if not waiting.poll(timeout * 1000):
            raise Silence
        try:
            if not self._line.recv(16):
                raise Gone
        except ConnectionError as error:
            raise Gone from error

    def report(self) -> Report:
        """Return what the control page tells now."""
        finished, cause, line, ready, _, file, message = _CONTROL.unpack_from(self._control.piece.memory)
        return Report(
            finished=finished,
            ready=bool(ready),
            cause=Cause(cause),
            file=_text(file),
            line=line,
            message=_text(message),
        )

    def end(self, grace: float = 0.0) -> int:
        """End the process and all that it started; return its exit status, negative for a signal.

        A process that is ending by itself gets ``grace`` seconds to do so, since its own status tells why.
        """
        if os.getpid() != self._owner:  # a fork of the process that started it has no say
            self._line.close()
            return 0
        if self._line.fileno() < 0:
            return self.process.wait()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=grace)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        status = self.process.wait()
        self._wait_for_silence()
        self._line.close()
        return status

    def complaints(self) -> str:
        """Return the last line that it wrote to its standard error."""
        size = os.fstat(self._complaints).st_size
        lines = os.pread(self._complaints, min(size, 4096), max(0, size - 4096)).decode(errors="replace").splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def close(self) -> None:
        """End the process and let go of what belongs to it."""
        self.end()
        with contextlib.suppress(OSError):
            os.close(self._complaints)

    def _wait_for_silence(self) -> None:
        """Wait until nobody holds the other end of the line: what a sandbox runs goes a moment after the sandbox."""
        waiting = select.poll()
        waiting.register(self._line, select.POLLIN)
        with contextlib.suppress(ConnectionError):
            while waiting.poll(_DYING_SECONDS * 1000) and self._line.recv(16):
                continue

    def _share(self, piece: Piece) -> None:
        packet = _packet(_SHARE, piece.number, piece.size)
        self._send(packet, [piece.descriptor])
        self._known[piece.number] = piece

    def _forget(self, live: set[int]) -> None:
        for number in [number for number in self._known if number not in live]:
            del self._known[number]
            self._send(_packet(_FORGET, number, 0))

    def _send(self, packet: bytes, descriptors: Sequence[int] = ()) -> None:
        extra = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        try:
            self._line.sendmsg([packet], extra, socket.MSG_NOSIGNAL)
        except ConnectionError as error:
            raise Gone from error


def _packet(kind: int, number: int, size: int) -> bytes:
    """Return a request about a piece of memory."""
    return _REQUEST.pack(kind, *[0] * 9, number, size, *[0] * 22)


def _descriptor_of_this_process() -> int:
    """Return a process descriptor by which the worker sees that this process ended; -1 where there are none."""
    try:
        return os.pidfd_open(os.getpid())
    except (AttributeError, OSError):
        return -1


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode(errors="replace")
