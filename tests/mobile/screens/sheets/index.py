"""The index page: each name with its pictures in all settings, and the sheets."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

STYLE = """
body { font: 16px/1.5 sans-serif; margin: 2rem; color: #16262c; background: #faf7f1 }
table { border-collapse: collapse } td, th { padding: .3rem .8rem; text-align: left }
tr:nth-child(even) { background: #fff } img { height: 12rem; border: 1px solid #e2dcd0 }
"""


def write_index(target: Path) -> Path:
    """Write ``index.html`` over the sheets and the pictures, a folder for each setting."""
    settings = sorted(path.name for path in target.iterdir() if path.is_dir())
    sheets = sorted(target.glob("*.png"))
    names = sorted({path.stem for each in settings for path in (target / each).glob("*.png")})
    links = "".join(f'<li><a href="{path.name}">{escape(path.stem)}</a></li>' for path in sheets)
    rows = "".join(_row(target, name, settings) for name in names)
    page = target / "index.html"
    page.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        "<title>Screens and pages of Circlet</title>"
        f"<style>{STYLE}</style><h1>Screens and pages of Circlet</h1>"
        f"<p>{len(names)} screens, pages and states, {len(settings)} settings, "
        f"{len(sheets)} sheets.</p>"
        f"<h2>Sheets</h2><ul>{links}</ul>"
        f"<h2>One by one</h2><table><tr><th>name<th>picture<th>settings</tr>{rows}</table></html>\n"
    )
    return page


def _row(target: Path, name: str, settings: Sequence[str]) -> str:
    there = [each for each in settings if (target / each / f"{name}.png").exists()]
    links = ", ".join(f'<a href="{each}/{name}.png">{escape(each)}</a>' for each in there)
    first = f"{there[0]}/{name}.png"
    picture = f'<a href="{first}"><img src="{first}" alt="{escape(name)}" loading="lazy"></a>'
    return f'<tr id="{name}"><td>{escape(name)}<td>{picture}<br>{first}<td>{links}</tr>'
