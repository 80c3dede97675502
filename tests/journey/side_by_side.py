"""The README's picture: the app's session beside the clinician's page, from the day's pictures."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

GROUND = (206, 214, 212)
MARGIN_PX = 32
HEIGHT_PX = 900


def compose(app: Path, page: Path, out: Path) -> None:
    """Write ``out``: both pictures at one height on one ground."""
    pictures = [_at_height(Image.open(path).convert("RGB")) for path in (app, page)]
    width = sum(picture.width for picture in pictures) + 3 * MARGIN_PX
    sheet = Image.new("RGB", (width, HEIGHT_PX + 2 * MARGIN_PX), GROUND)
    left = MARGIN_PX
    for picture in pictures:
        sheet.paste(picture, (left, MARGIN_PX))
        left += picture.width + MARGIN_PX
    sheet.save(out, optimize=True)


def _at_height(picture: Image.Image) -> Image.Image:
    height = HEIGHT_PX
    width = round(picture.width * height / picture.height)
    return picture.resize((width, height), Image.Resampling.LANCZOS)
