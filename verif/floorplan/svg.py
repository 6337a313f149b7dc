"""A picture as SVG."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from verif.floorplan.picture import Box, Line, Picture, Text


def write_svg(picture: Picture, file: Path) -> None:
    """Write ``picture`` to ``file``; it needs nothing else to be shown."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{picture.width:.0f}" height="{picture.height:.0f}" '
        f'viewBox="0 0 {picture.width:.1f} {picture.height:.1f}" font-family="sans-serif">\n'
        '<rect width="100%" height="100%" fill="#ffffff"/>\n'
    )
    file.write_text(head + "\n".join(_element(shape) for shape in picture.shapes) + "\n</svg>\n", encoding="utf-8")


def _element(shape: Box | Line | Text) -> str:
    if isinstance(shape, Box):
        title = f"<title>{escape(shape.title)}</title>" if shape.title else ""
        return (
            f'<rect x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.width:.2f}" height="{shape.height:.2f}" '
            f'fill="{shape.fill}" stroke="{shape.edge}">{title}</rect>'
        )
    if isinstance(shape, Line):
        return (
            f'<line x1="{shape.x1:.2f}" y1="{shape.y1:.2f}" x2="{shape.x2:.2f}" y2="{shape.y2:.2f}" '
            f'stroke="{shape.colour}" stroke-width="{shape.width:.2f}" stroke-opacity="{shape.opacity}" '
            'pointer-events="none"/>'
        )
    anchor = ' text-anchor="middle" dominant-baseline="central"' if shape.middle else ""
    return (
        f'<text x="{shape.x:.2f}" y="{shape.y:.2f}" font-size="{shape.size:.1f}"{anchor} pointer-events="none">'
        f"{escape(shape.text)}</text>"
    )
