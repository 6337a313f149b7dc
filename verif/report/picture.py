"""A failure as a picture of its own: an SVG file that needs no page, and the same waves for WaveDrom."""

from __future__ import annotations

import json
import os
import textwrap
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path

from verif.report.model import Failure
from verif.report.waveform import size, waveform
from verif.report.wavejson import wavejson
from verif.trace import Trace

_MARGIN = 16
_LINE = 19
_LETTER = 7.2
"""Width of a letter of the texts at their size, on the average."""
_LEAST_WIDTH = 480
_STYLES = ("colours.css", "waveform.css", "picture.css")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pictures:
    """The files of one failure's picture."""

    svg: Path
    wavejson: Path


def save_pictures(failure: Failure, *, svg: Path, waves: Path) -> Pictures | None:
    """Write ``failure`` as the picture ``svg`` and as WaveJSON to ``waves``; None where its trace isn't known."""
    if failure.trace is None or not failure.trace.cycles:
        return None
    _write(svg, picture(failure))
    _write(waves, json.dumps(wavejson(failure), indent=1, ensure_ascii=False) + "\n")
    return Pictures(svg=svg, wavejson=waves)


def picture(failure: Failure) -> str:
    """Return the failure as an SVG document: the rule, what was seen, and the waves with the failing cycle marked."""
    trace = failure.trace or Trace(signals=())
    wide, high = size(trace)
    width = max(wide + 2 * _MARGIN, _LEAST_WIDTH)
    lines = [(kind, line) for kind, text in texts(failure) for line in _wrapped(text, width)]
    top = _MARGIN + len(lines) * _LINE
    height = top + high + _MARGIN
    waves = waveform(trace, mark=failure.mark, named=failure.signals, title=failure.rule or failure.test.name)
    written = [
        f'<text class="{kind}" x="{_MARGIN}" y="{_MARGIN + (number + 0.7) * _LINE:g}">{escape(line)}</text>'
        for number, (kind, line) in enumerate(lines)
    ]
    return "\n".join(
        (
            f'<svg class="picture" xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}">',
            f"<style>{_style()}</style>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
            *written,
            f'<g transform="translate({_MARGIN},{top})">{waves}</g>',
            "</svg>\n",
        )
    )


def texts(failure: Failure) -> list[tuple[str, str]]:
    """Return the lines above the waves: the broken rule's name, the rule, and what was seen in which cycle."""
    name = f"{failure.oracle} {failure.rule}" if failure.oracle else f"{failure.test.verdict} {failure.test.name}"
    requirements = f" ({', '.join(failure.requirements)})" if failure.requirements else ""
    seen = failure.detail if failure.cycle is None else f"Cycle {failure.cycle}: {failure.detail}"
    lines = [("rule", name + requirements), ("told", failure.title), ("seen", seen)]
    return [(kind, text) for kind, text in lines if text]


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, int((width - 2 * _MARGIN) / _LETTER)) or [""]


def _style() -> str:
    folder = files("verif.report") / "templates"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in _STYLES)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(f".{file.name}.{os.getpid()}")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(file)
