"""Contact sheets: all pictures of one setting, small, each with its name, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SHEETS_A_SETTING = 4
GAP_PX, LABEL_PX = 12, 20
TALLEST_SHARE = 3.6
"""A picture's height over its width, at most: a longer page shows its beginning."""

GROUND, INK = (104, 110, 114), (255, 255, 255)


def write_sheets(folder: Path, target: Path, *, columns: int, picture_px: int) -> list[Path]:
    """Write the sheets of a folder of pictures beside each other; return their paths."""
    pictures = sorted(folder.glob("*.png"))
    share = -(-len(pictures) // SHEETS_A_SETTING)
    written = []
    for number in range(0, len(pictures), max(1, share)):
        path = target / f"{folder.name}-{number // share + 1}.png"
        _sheet(pictures[number : number + share], columns, picture_px).save(path)
        written.append(path)
    return written


def _sheet(pictures: Sequence[Path], columns: int, picture_px: int) -> Image.Image:
    tiles = [(path.stem, _small(path, picture_px)) for path in pictures]
    heights = [GAP_PX] * columns
    places = []
    for _name, tile in tiles:
        column = heights.index(min(heights))
        places.append((GAP_PX + column * (picture_px + GAP_PX), heights[column]))
        heights[column] += LABEL_PX + tile.height + GAP_PX
    sheet = Image.new("RGB", (GAP_PX + columns * (picture_px + GAP_PX), max(heights)), GROUND)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    for (name, tile), (x, y) in zip(tiles, places, strict=True):
        pen.text((x, y), name, INK, font)
        sheet.paste(tile, (x, y + LABEL_PX))
    return sheet


def _small(path: Path, width: int) -> Image.Image:
    with Image.open(path) as picture:
        tallest = min(picture.height, round(picture.width * TALLEST_SHARE))
        part = picture.crop((0, 0, picture.width, tallest))
        return part.resize((width, round(tallest * width / picture.width)), Image.Resampling.BOX)
