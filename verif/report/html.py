"""The report as one self-contained HTML page: style and pictures inline, no script, nothing fetched."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from verif.errors import InputError
from verif.report import mutant_view, point_page, point_view, proof_view, view
from verif.report.model import Failure, Report
from verif.report.source_page import MARKS
from verif.report.text import count, seconds
from verif.report.waveform import waveform
from verif.verdict import Ratio


def render_html(report: Report) -> str:
    """Return the page; every name and message in it is escaped."""
    environment = Environment(
        loader=PackageLoader("verif.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(bits=view.bits, seconds=seconds, percent=_percent, meter=_meter, code=_code)
    style = environment.get_template("report.css").render()
    page = environment.get_template("report.html.j2")
    return page.render(
        report=report,
        style=Markup(style),
        picture=_picture,
        view=view,
        count=count,
        points=point_view,
        proofs=proof_view,
        mutants=mutant_view,
        marks=MARKS,
        shown=point_page.shown,
        curves=point_page.curves_html,
        witness_picture=point_page.witness_picture,
        witness_json=point_page.witness_json,
    )


def write_html(report: Report, file: Path) -> Path:
    """Write the page to ``file`` in one step; InputError where that can't be."""
    scratch = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(render_html(report), encoding="utf-8")
        scratch.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            scratch.unlink()
        what = f"the page can't be written: {error.strerror}"
        raise InputError("PE602", what, where=str(file), hint="name a writable file with --html") from error
    return file


def _picture(failure: Failure) -> Markup:
    if failure.trace is None:
        return Markup("")
    title = f"Waves of {failure.test.name}"
    return Markup(waveform(failure.trace, mark=failure.mark, named=failure.signals, title=title))


def _percent(ratio: Ratio) -> str:
    """Return the quotient for a CSS width."""
    return f"{100 * (ratio.fraction or 0):.1f}%"


def _code(text: str) -> Markup:
    """Return ``text`` escaped, what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    shown = [Markup("<code>{}</code>").format(part) if odd % 2 else escape(part) for odd, part in enumerate(parts)]
    return Markup("").join(shown)


def _meter(hit: float, total: float) -> str:
    return f"{100 * hit / total if total else 0:.1f}%"
