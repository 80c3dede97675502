"""Makes the app's TTF fonts from the vendored woff2 files of the pages.

Kivy reads no woff2 and knows no font features, so that a running timer would jump: the digits of
Atkinson Hyperlegible Next are proportional unless `tnum` is asked for. The two `CircletFigures`
fonts are the same outlines with the tabular digits as the default ones, under a name of their own.
Run at vendoring time only: `python scripts/fonts.py [folder]`.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont

TREE = Path(__file__).resolve().parent.parent
SOURCE = TREE / "cloud/web/static/fonts"
TARGET = TREE / "mobile/kit/fonts"


@dataclass(frozen=True)
class Weight:
    source: str
    style: str


WEIGHTS = (
    Weight("atkinson-hyperlegible-next-latin-400-normal.woff2", "Regular"),
    Weight("atkinson-hyperlegible-next-latin-700-normal.woff2", "Bold"),
)


def read(weight: Weight) -> TTFont:
    font = TTFont(SOURCE / weight.source, recalcTimestamp=False)
    font.flavor = None
    return font


def tabular_digits(font: TTFont) -> dict[str, str]:
    """The `tnum` substitutions: proportional glyph name to tabular glyph name."""
    gsub = font["GSUB"].table
    lookups = {
        index
        for record in gsub.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for index in record.Feature.LookupListIndex
    }
    substitutions: dict[str, str] = {}
    for index in sorted(lookups):
        for table in gsub.LookupList.Lookup[index].SubTable:
            substitutions |= table.mapping
    return substitutions


def make_figures_tabular(font: TTFont, style: str) -> None:
    tabular = tabular_digits(font)
    for table in font["cmap"].tables:
        table.cmap = {code: tabular.get(glyph, glyph) for code, glyph in table.cmap.items()}
    names = {
        1: "Circlet Figures",
        3: f"CircletFigures-{style}",
        4: f"Circlet Figures {style}",
        6: f"CircletFigures-{style}",
    }
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]


def write_fonts(folder: Path) -> list[Path]:
    written = []
    for weight in WEIGHTS:
        text = folder / f"AtkinsonHyperlegibleNext-{weight.style}.ttf"
        read(weight).save(text)
        font = read(weight)
        make_figures_tabular(font, weight.style)
        figures = folder / f"CircletFigures-{weight.style}.ttf"
        font.save(figures)
        written += [text, figures]
    return written


if __name__ == "__main__":
    for path in write_fonts(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET):
        print(path)
