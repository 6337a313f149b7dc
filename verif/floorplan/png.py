"""A picture as PNG, drawn with Pillow."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from verif.floorplan.picture import Box, Line, Picture, Text

ZOOM = 1.5


def write_png(picture: Picture, file: Path) -> None:
    """Write ``picture`` to ``file``."""
    size = (round(picture.width * ZOOM), round(picture.height * ZOOM))
    image = Image.new("RGB", size, "#ffffff")
    for shape in picture.shapes:
        _draw(ImageDraw.Draw(image, "RGBA"), shape)
    image.save(file)


def _draw(canvas: ImageDraw.ImageDraw, shape: Box | Line | Text) -> None:
    if isinstance(shape, Box):
        corners = (shape.x * ZOOM, shape.y * ZOOM, (shape.x + shape.width) * ZOOM, (shape.y + shape.height) * ZOOM)
        canvas.rectangle(corners, fill=shape.fill, outline=None if shape.edge == "none" else shape.edge)
    elif isinstance(shape, Line):
        ends = (shape.x1 * ZOOM, shape.y1 * ZOOM, shape.x2 * ZOOM, shape.y2 * ZOOM)
        alpha = f"{round(255 * shape.opacity):02x}"
        canvas.line(ends, fill=shape.colour + alpha, width=max(1, round(shape.width * ZOOM)))
    else:
        font = ImageFont.load_default(size=shape.size * ZOOM)
        anchor = "mm" if shape.middle else "ls"
        canvas.text((shape.x * ZOOM, shape.y * ZOOM), shape.text, fill="#000000", font=font, anchor=anchor)
