"""One source file on disk: is it there, is it text, is it Verilog; errors as sentences."""

from __future__ import annotations

import os
import re
from pathlib import Path

from verif.errors import InputError

VERILOG_SUFFIXES = (".v", ".sv")
HEADER_SUFFIXES = (".vh", ".svh")
VHDL_SUFFIXES = (".vhd", ".vhdl")

_LOOK_AHEAD = 8192
_VHDL = re.compile(r"^\s*(library\s+ieee\s*;|entity\s+\w+\s+is\b|architecture\s+\w+\s+of\b)", re.I | re.M)
_NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)


def display(path: Path) -> str:
    """Return ``path`` as a user would write it: relative where it lies below the current directory."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def absolute(path: Path | str, base: Path | None = None) -> Path:
    """Return ``path`` as an absolute path without ``..``, taken from ``base`` or the current directory."""
    return Path(os.path.normpath((base or Path.cwd()) / path))


def read_text(path: Path) -> str:
    """Return the text of ``path``; bytes that are not UTF-8 are read as Latin-1."""
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def read_bytes(path: Path) -> bytes:
    """Return the bytes of ``path``, with InputError PE101 or PE121 where there are none to read."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError("PE101", "no such file or directory", where=display(path)) from error
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError("PE121", f"the file can't be read ({reason})", where=display(path)) from error


def check_source(path: Path) -> None:
    """Raise InputError unless ``path`` is a text file that could be Verilog or SystemVerilog."""
    data = read_bytes(path)
    where = display(path)
    if path.suffix.lower() in VHDL_SUFFIXES:
        _refuse_vhdl(where)
    if b"\0" in data[:_LOOK_AHEAD]:
        raise InputError("PE103", "the file is binary, not source text", where=where, allowed=_ALLOWED)
    if not data.strip():
        raise InputError("PE102", "the file is empty", where=where, allowed=_ALLOWED)
    if path.suffix.lower() not in VERILOG_SUFFIXES and _VHDL.search(data.decode("latin-1")):
        _refuse_vhdl(where)


def is_utf8(path: Path) -> bool:
    """Return whether the bytes of ``path`` are UTF-8."""
    try:
        read_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def code_of(text: str) -> str:
    """Return Verilog ``text`` with comments and strings blanked."""
    return _NOT_CODE.sub(" ", text)


_ALLOWED = "Verilog and SystemVerilog sources are read"


def _refuse_vhdl(where: str) -> None:
    hint = "translate it first, for example with 'ghdl synth --out=verilog', or leave it out and pass --blackbox MODULE"
    raise InputError("PE104", "this is VHDL", where=where, allowed=_ALLOWED, hint=hint)
