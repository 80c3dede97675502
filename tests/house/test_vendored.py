"""Files of others are what their VENDORED.toml says, and nothing stands unnamed beside them."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from scripts.fonts import write_fonts

TREE = Path(__file__).resolve().parents[2]
FOLDERS = (
    "cloud/web/static/vendor",
    "cloud/web/static/fonts",
    "cloud/desk/static/vendor",
    "cloud/desk/static/fonts",
    "firmware_bridge/emulator/control/static/fonts",
    "mobile/kit/fonts",
    "scripts/font_sources",
    "tests/cloud/vendor",
)
FIELDS = {"path", "name", "version", "licence", "licence_file", "made", "sha256"}
DIGITS = "0123456789"


def entries(folder: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads((folder / "VENDORED.toml").read_text())["file"]
    return listed


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", FOLDERS)
def test_every_listed_file_has_its_hash_and_its_licence(name: str) -> None:
    folder = TREE / name
    listed = entries(folder)
    assert listed
    for entry in listed:
        assert set(entry) == FIELDS
        assert sha256(folder / entry["path"]) == entry["sha256"], entry["path"]
        assert (folder / entry["licence_file"]).stat().st_size > 0


@pytest.mark.parametrize("name", FOLDERS)
def test_no_file_stands_unlisted(name: str) -> None:
    folder = TREE / name
    named = {"VENDORED.toml"}
    for entry in entries(folder):
        named |= {entry["path"], entry["licence_file"]}
    assert {path.name for path in folder.iterdir()} == named


def test_the_folders_are_all_there_are() -> None:
    found = {
        str(path.parent.relative_to(TREE))
        for top in ("shared", "firmware_bridge", "mobile", "cloud", "scripts", "tests")
        for path in (TREE / top).rglob("VENDORED.toml")
    }
    assert found == set(FOLDERS)


def test_the_apps_fonts_are_made_from_the_pages_fonts(tmp_path: Path) -> None:
    made = write_fonts(tmp_path)
    assert len(made) == 6
    for path in made:
        assert sha256(path) == sha256(TREE / "mobile/kit/fonts" / path.name), path.name


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_digits_of_a_timer_are_equally_wide(style: str) -> None:
    font = TTFont(TREE / f"mobile/kit/fonts/CircletFigures-{style}.ttf")
    glyphs = font.getBestCmap()
    assert len({font["hmtx"][glyphs[ord(digit)]][0] for digit in DIGITS}) == 1
