"""bubblewrap around programs that must not touch anything: no network, nothing writable but what is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from verif.sim import toolchain
from verif.sim.seam import BuildRequest

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives", "/etc/ld.so.cache")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A bubblewrap command line: own namespaces, empty environment of files, dies with its parent."""

    program: Path

    @classmethod
    def locate(cls) -> Sandbox:
        """Find bwrap; ToolError PE305 says how to install it."""
        return cls(toolchain.need("bwrap").path)

    def prefix(self, *, readable: Iterable[Path] = (), writable: Iterable[Path] = ()) -> tuple[str, ...]:
        """Return the words to put before a command.

        The command sees the system's programs, this Python with its packages and ``readable`` without being able to
        change them, an empty ``/tmp``, and may write to ``writable`` only.
        """
        return (
            str(self.program),
            *("--unshare-all", "--die-with-parent", "--new-session"),
            *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),
            *_bound("--ro-bind-try", (*map(Path, _SYSTEM), *_python(), *readable)),
            *_bound("--bind", writable),
            "--",
        )

    def read_only_prefix(self, seen: Mapping[Path, Path]) -> tuple[str, ...]:
        """Return the words before a command that may read everything and change nothing but what is in ``seen``.

        Each real folder (key) is seen, and may be written to, at the place of another (value).
        """
        binds = (word for real, place in seen.items() for word in ("--bind", str(real), str(place)))
        return (
            str(self.program),
            *("--unshare-all", "--die-with-parent", "--new-session"),
            *("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"),
            *binds,
            "--",
        )


def build_prefix(
    sandbox: Sandbox | None, request: BuildRequest, scratch: Path, *, readable: Sequence[Path] = ()
) -> tuple[str, ...]:
    """Return the words before a compiler's command that may write to ``scratch`` only: none without a sandbox."""
    if sandbox is None:
        return ()
    sources = request.sources
    beside = tuple(file.parent for file in sources.files)
    return sandbox.prefix(readable=(*beside, *sources.include_dirs, *readable), writable=(scratch,))


def _bound(option: str, places: Iterable[Path]) -> tuple[str, ...]:
    unique = dict.fromkeys(str(place.absolute()) for place in places)
    return tuple(word for place in unique for word in (option, place, place))


def _python() -> tuple[Path, ...]:
    """Return what this Python needs to start: the installation, the environment on top of it, the path's folders."""
    inherited = [Path(entry) for entry in sys.path if entry and Path(entry).is_dir() and "site-packages" in entry]
    return (Path(sys.base_prefix), Path(sys.prefix), Path(os.path.realpath(sys.executable)).parent, *inherited)
