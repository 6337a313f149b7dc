"""The same stimulus on Icarus, whose four states are the truth: a harness played row by row, without cocotb."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from verif.design.model import Edge
from verif.errors import ToolError, Unsupported
from verif.harness.model import FieldKind, Harness
from verif.sim import toolchain
from verif.sim.batch.build import harness_sources
from verif.sim.batch.layout import WORD_BITS, Layout, Rows
from verif.sim.process import Processes
from verif.sim.sandbox import Sandbox
from verif.workspace import Workspace

SECONDS = 60.0
"""How long Icarus may take to compile, and for each lane."""
_PLAYER = "posedge_player"
_MARK = b"row "

Chars = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, slots=True)
class FourStates:
    """What Icarus showed: values and known bits in the harness's layout of observed rows."""

    values: Rows
    """``[lanes, ticks, words]``; 0 where a bit is X or Z."""
    known: Rows
    fails: npt.NDArray[np.bool_]
    """``[lanes, ticks, monitors]``: where ``fail`` is 1."""
    unsure: npt.NDArray[np.bool_]
    """The same: where it is X."""


class IcarusPlayer:
    """Plays rows on a harness in Icarus: the rest, the reset, the rows, each lane in a process of its own."""

    def __init__(
        self,
        harness: Harness,
        *,
        workspace: Workspace,
        folder: Path,
        processes: Processes | None = None,
        sandbox: Sandbox | None = None,
    ) -> None:
        """Compile in ``folder``. Unsupported PE311 where Icarus refuses the text."""
        self.harness = harness
        self._folder = folder
        self._processes = processes or Processes()
        self._stimulus = Layout.of(harness.stimulus)
        self._observed = Layout.of(harness.observed)
        folder.mkdir(parents=True, exist_ok=True)
        sources = harness_sources(harness, workspace)
        (folder / f"{_PLAYER}.v").write_text("\n".join(self._player()) + "\n", encoding="utf-8")
        readable = (*sources.files, *sources.include_dirs)
        self._prefix = tuple(sandbox.prefix(readable=readable, writable=(folder,))) if sandbox else ()
        compiler = toolchain.need("iverilog")
        words = [str(compiler.path), "-g2012", "-o", "player.vvp", "-s", _PLAYER]
        words += [f"-I{place}" for place in sources.include_dirs]
        words += [f"-D{name}={text}" if text else f"-D{name}" for name, text in sources.defines.items()]
        words += [str(folder / f"{_PLAYER}.v"), *map(str, sources.files)]
        code, text = self._call(words, "compile.log")
        if code:
            raise Unsupported("PE311", f"Icarus refuses {harness.top}: {_complaint(text)}")

    def play(self, stimulus: Rows) -> FourStates:
        """Play lanes ``[lanes, ticks, words]``; ToolError PE310 where Icarus breaks off."""
        shown = np.stack([self._lane(rows) for rows in stimulus])
        monitors = len(self.harness.monitors)
        fails, bits = shown[..., :monitors], shown[..., monitors:]
        return FourStates(
            values=_packed(bits == ord("1")),
            known=_packed((bits == ord("1")) | (bits == ord("0"))),
            fails=fails == ord("1"),
            unsure=(fails != ord("1")) & (fails != ord("0")),
        )

    def _lane(self, rows: Rows) -> Chars:
        """Return the characters of each tick: the monitors' fails, then the observed row, its lowest bit last."""
        lines = (row[::-1].astype(">u4").tobytes().hex() for row in rows)
        (self._folder / "rows.hex").write_text("\n".join(lines) + "\n", encoding="ascii")
        runner = toolchain.need("vvp")
        code, text = self._call([str(runner.path), "-n", "player.vvp", f"+ticks={len(rows)}"], "run.log")
        told = [line[len(_MARK) :] for line in text.splitlines() if line.startswith(_MARK)]
        if code or len(told) != len(rows):
            raise ToolError("PE310", f"Icarus broke off after {len(told)} of {len(rows)} rows: {_complaint(text)}")
        width = len(self.harness.monitors) + WORD_BITS * self._observed.words
        return np.frombuffer(b"".join(told), np.uint8).reshape(len(rows), width)

    def _player(self) -> Iterator[str]:
        harness = self.harness
        clocks = {clock.name: int(clock.edge is Edge.FALLING) for clock in harness.clocks}
        in_reset = self._stimulus.pack({f.name: 1 for f in harness.stimulus if f.kind is FieldKind.RESET})
        yield "`timescale 1ns/1ps"
        yield f"module {_PLAYER};"
        yield from (f"  reg {name} = 1'b{level};" for name, level in clocks.items())
        yield f"  reg [{WORD_BITS * self._stimulus.words}:0] row;"
        yield f"  wire [{WORD_BITS * self._observed.words - 1}:0] seen;"
        yield f"  wire [{max(len(harness.monitors), 1) - 1}:0] fails;"
        yield "  integer tick, ticks, file, code;"
        yield f"  {harness.top} harness ({', '.join(self._connections())});"
        for slot in self._observed.slots:
            top = WORD_BITS * (slot.offset + slot.words) - 1
            if top >= WORD_BITS * slot.offset + slot.width:
                yield f"  assign seen[{top}:{WORD_BITS * slot.offset + slot.width}] = 0;"
        yield "  initial begin"
        yield '    file = $fopen("rows.hex", "r");'
        yield '    if (!$value$plusargs("ticks=%d", ticks)) $finish;'
        yield f"    #1 row = {self._text(self._stimulus.defaults)};"  # every process waits for its events by then
        yield f"    for (tick = -{harness.reset_ticks}; tick < ticks; tick = tick + 1) begin"
        yield f"      #1 if (tick < 0) row = {self._text(in_reset)};"
        yield '      else code = $fscanf(file, "%h", row);'
        shown = '"row %b%b", fails, seen' if harness.monitors else '"row %b", seen'
        yield f"      #1 if (tick >= 0) $display({shown});"
        period = harness.schedule
        for level in (1, 0):
            yield "      #1;"
            for place, name in enumerate(period):
                edge = f"{name} = 1'b{clocks[name] ^ level};"
                ready = f"(tick + {harness.reset_ticks}) % {len(period)} == {place}"
                yield f"      if ({ready}) {edge}"
        yield "    end"
        yield "    $finish;"
        yield "  end"
        yield "endmodule"

    def _connections(self) -> Iterator[str]:
        yield from (f".{clock.name}({clock.name})" for clock in self.harness.clocks)
        for slot in self._stimulus.slots:
            yield f".{slot.name}(row[{WORD_BITS * slot.offset} +: {slot.width}])"
        for slot in self._observed.slots:
            yield f".{slot.name}(seen[{WORD_BITS * slot.offset} +: {slot.width}])"
        last = len(self.harness.monitors) - 1
        yield from (f".{each.fail}(fails[{last - n}])" for n, each in enumerate(self.harness.monitors))

    def _text(self, row: Rows) -> str:
        if not row.size:
            return "1'b0"
        return f"{WORD_BITS * self._stimulus.words}'h{row[::-1].astype('>u4').tobytes().hex()}"

    def _call(self, words: list[str], log: str) -> tuple[int, bytes]:
        file = self._folder / log
        file.unlink(missing_ok=True)
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(self._folder)}
        ended = self._processes.run(
            (*self._prefix, *words), cwd=self._folder, env=environment, log=file, timeout_seconds=SECONDS
        )
        return 1 if ended.timed_out or ended.flooded else ended.returncode, file.read_bytes()


def _packed(bits: npt.NDArray[np.bool_]) -> Rows:
    """Return words of bits, of which the lowest of the row is the last."""
    if not bits.shape[-1]:
        return np.zeros((*bits.shape[:-1], 0), np.uint32)
    packed = np.packbits(bits[..., ::-1], axis=-1, bitorder="little")
    return np.ascontiguousarray(packed).view("<u4").astype(np.uint32)


def _complaint(text: bytes) -> str:
    lines = [line.strip() for line in text.decode("utf-8", errors="replace").splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), (lines or ["it said nothing"])[-1])[:200]
