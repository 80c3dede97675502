"""Makes the app's TTF fonts from the vendored woff2 files of the pages.

Kivy reads no woff2 and knows no font features, so that a running timer would jump: the digits of
Atkinson Hyperlegible Next are proportional unless `tnum` is asked for. The two `CircletFigures`
fonts are the same outlines with the tabular digits as the default ones, under a name of their own.
The two `CircletArabic` fonts have the Arabic letters of Noto Sans Arabic, each in its joined forms,
beside Atkinson's Latin: Kivy draws a line in one font, and lines here are mixed.
Run at vendoring time only: `python -m scripts.fonts [folder]`.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.ttLib import TTFont

TREE = Path(__file__).resolve().parent.parent
SOURCE = TREE / "cloud/web/static/fonts"
ARABIC_SOURCE = TREE / "scripts/font_sources"
TARGET = TREE / "mobile/kit/fonts"


@dataclass(frozen=True)
class Weight:
    source: str
    arabic: str
    style: str


WEIGHTS = (
    Weight(
        "atkinson-hyperlegible-next-latin-400-normal.woff2",
        "noto-sans-arabic-arabic-400-normal.woff2",
        "Regular",
    ),
    Weight(
        "atkinson-hyperlegible-next-latin-700-normal.woff2",
        "noto-sans-arabic-arabic-700-normal.woff2",
        "Bold",
    ),
)
JOINED_FORMS = range(0xFE80, 0xFEFD)
"""Arabic Presentation Forms-B: each letter as it stands alone, begins, goes on and ends."""
ARABIC = {
    *range(0x0621, 0x064B),  # letters, and the stroke that lengthens
    *range(0x0660, 0x066D),  # figures, per cent, the marks of a number
    *JOINED_FORMS,
    *map(ord, "،؛؟"),
}
ASCENT, DESCENT = 1060, -470
"""What the tallest and the deepest of these letters need; Noto's own leave room for vowel signs."""


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
    call(font, _names("Figures", style))


def call(font: TTFont, names: dict[int, str]) -> None:
    """Gives the font names of its own; 0 is its copyright."""
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]


def arabic_beside_latin(weight: Weight) -> TTFont:
    """One font of both scripts, without rules: the app joins the letters itself."""
    arabic = TTFont(ARABIC_SOURCE / weight.arabic, recalcTimestamp=False)
    latin = read(weight)
    copyrights = f"{arabic['name'].getDebugName(0)}; {latin['name'].getDebugName(0)}"
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, font, codes in (
            ("latin", latin, set(latin.getBestCmap())),
            ("arabic", arabic, ARABIC),
        ):
            paths.append(f"{folder}/{name}.ttf")
            _reduce(font, codes)
            font.save(paths[-1])
        merged = Merger(MergeOptions(drop_tables=[])).merge(paths)
    merged.recalcTimestamp = False
    merged["head"].created, merged["head"].modified = latin["head"].created, latin["head"].modified
    for table, above, below in (
        ("hhea", "ascent", "descent"),
        ("OS/2", "sTypoAscender", "sTypoDescender"),
    ):
        setattr(merged[table], above, ASCENT)
        setattr(merged[table], below, DESCENT)
    merged["OS/2"].usWinAscent, merged["OS/2"].usWinDescent = ASCENT, -DESCENT
    call(merged, {0: copyrights, **_names("Arabic", weight.style)})
    return merged


def _reduce(font: TTFont, codes: set[int]) -> None:
    options = subset.Options(
        hinting=False, layout_features=[], glyph_names=False, notdef_outline=True
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT", "gasp"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    font.flavor = None


def _names(kind: str, style: str) -> dict[int, str]:
    return {
        1: f"Circlet {kind}",
        3: f"Circlet{kind}-{style}",
        4: f"Circlet {kind} {style}",
        6: f"Circlet{kind}-{style}",
    }


def write_fonts(folder: Path) -> list[Path]:
    written = []
    for weight in WEIGHTS:
        text = folder / f"AtkinsonHyperlegibleNext-{weight.style}.ttf"
        read(weight).save(text)
        font = read(weight)
        make_figures_tabular(font, weight.style)
        figures = folder / f"CircletFigures-{weight.style}.ttf"
        font.save(figures)
        arabic = folder / f"CircletArabic-{weight.style}.ttf"
        arabic_beside_latin(weight).save(arabic)
        written += [text, figures, arabic]
    return written


if __name__ == "__main__":
    for path in write_fonts(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET):
        print(path)
