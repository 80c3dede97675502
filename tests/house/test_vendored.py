"""Files of others are what their VENDORED.toml says, and no file of theirs stands unlisted."""

import hashlib
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from scripts.fonts import write_fonts
from scripts.supply.files import MADE, is_made, is_source, tracked, vendored

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
        for path in (TREE / name for name in tracked())
        if path.name == "VENDORED.toml"
    }
    assert found == set(FOLDERS)


def test_every_listed_file_says_where_it_is_from() -> None:
    for each in vendored():
        assert re.fullmatch(r"(@[a-z0-9-]+/)?[a-z0-9.-]+", each.name), each
        assert re.fullmatch(r"\d+\.\d+\.\d+", each.version), each
        assert each.made, each


def test_one_package_of_others_has_one_version_and_one_licence() -> None:
    said = {each.name: (each.version, each.licence) for each in vendored()}
    assert {(each.name, each.version, each.licence) for each in vendored()} == {
        (name, *rest) for name, rest in said.items()
    }


def test_what_nobody_wrote_is_listed_or_made_here() -> None:
    listed = {each.path for each in vendored()} | {each.licence_file for each in vendored()}
    foreign = {name for name in tracked() if not is_source(TREE / name) and not is_made(name)}
    assert foreign - listed == set()
    assert len(foreign) > 15


def test_every_rule_for_what_is_made_here_is_in_use() -> None:
    made = [name for name in tracked() if is_made(name)]
    assert {rule for rule in MADE if not any(fnmatch(name, rule) for name in made)} == set()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.bin", b"\x89PNG\r\n\x1a\n\x00"),
        ("latin.txt", "Ärger".encode("latin-1")),
        ("zeros.txt", b"text\x00text"),
        ("small.min.js", b"var a=1;" * 80),
        ("small.min.css", b".a{b:c}" * 80),
        ("noted.js", b"// @license MIT\nexport const one = 1;\n"),
        ("bundled.js", b"// node_modules/one/index.js\nexport const one = 1;\n"),
    ],
)
def test_a_file_that_nobody_wrote_is_known_as_such(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    assert not is_source(tmp_path / name)


def test_what_a_person_wrote_is_a_source(tmp_path: Path) -> None:
    for name in ("page.js", "page.css", "page.html", "page.py"):
        (tmp_path / name).write_text("one = 1\n" * 2000)
        assert is_source(tmp_path / name)


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
