"""The licences page names everything that the app is installed with."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import pytest

from mobile.engine.places.about import WORKS, app_version, works

PROJECT = tomllib.loads(
    (Path(__file__).resolve().parents[3] / "pyproject.toml").read_text("utf-8")
)["project"]
WORD = {"Apache-2.0": "apache", "BSD-3-Clause": "bsd", "LGPL-3.0": "lgpl", "MIT": "mit"}


def test_every_dependency_of_the_app_stands_there() -> None:
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["mobile"]]
    assert {re.split(r"[<>=;\[ ]", each, maxsplit=1)[0] for each in wanted} == set(WORKS)


@pytest.mark.parametrize("name", WORKS)
def test_its_licence_is_the_one_that_it_says_itself(name: str) -> None:
    about = metadata(name).json
    lines = (about.get(field, "") for field in ("license_expression", "license", "classifier"))
    said = " ".join(line if isinstance(line, str) else " ".join(line) for line in lines).casefold()
    said = said.replace("lesser general public license", "lgpl")
    assert any(WORD.get(part, part.casefold()) in said for part in WORKS[name].split(" OR ")), said


def test_the_page_has_versions() -> None:
    assert app_version().startswith("0.")
    assert {work.name for work in works()} == set(WORKS)
    assert all(work.version for work in works())
