"""Every direct dependency is declared, has its line in the document, and is used."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))["project"]
DOCUMENT = (TREE / "docs/dependencies.md").read_text("utf-8")
OURS = {"shared", "firmware_bridge", "mobile", "cloud", "tests", "scripts"}
SECTIONS = {
    "": "Everywhere",
    "mobile": "The phone",
    "cloud": "The cloud",
    "emulator": "The virtual radio",
    "tool": "The engineer's tool",
    "dev": "To work on it",
}
GIVEN_BY_ANDROID = {"android", "certifi", "jnius"}  # python-for-android and its recipe of Kivy
USED_WITHOUT_IMPORT = {
    "brotli": ("scripts/fonts.py", "woff2"),
    "import-linter": ("Makefile", "lint-imports"),
    "mypy": ("Makefile", "/mypy"),
    "pre-commit": (".pre-commit-config.yaml", "repos:"),
    "pytest-timeout": ("pyproject.toml", "\ntimeout = "),
    "pytest-xdist": ("scripts/share.sh", "--numprocesses"),
    "python-multipart": ("cloud/web/templates/enrol.html", "<form"),
    "ruff": ("Makefile", "/ruff"),
    "setuptools": ("pyproject.toml", "setuptools.build_meta"),
    "tzdata": ("mobile/platform/zone.py", "ZoneInfo"),
    "types-jsonschema": ("tests/shared/stimulation/test_catalogue.py", "jsonschema"),
}


def names(requirements: list[str]) -> set[str]:
    """The names of requirements, without our own."""
    found = (re.split(r"[\[<>=]", each, maxsplit=1)[0] for each in requirements)
    return {name for name in found if name != "circlet"}


def declared() -> dict[str, set[str]]:
    extras = PROJECT["optional-dependencies"].items()
    return {"": names(PROJECT["dependencies"])} | {name: names(each) for name, each in extras}


def written(heading: str) -> set[str]:
    """The packages in the table below a heading."""
    (section,) = re.findall(rf"^## {heading}.*?(?=^## )", DOCUMENT, re.MULTILINE | re.DOTALL)
    cells = re.findall(r"^\| ([a-z][^|]*) \|", section, re.MULTILINE)
    return {name for cell in cells for name in cell.split(", ")} - {"package"}


@cache
def imported() -> dict[str, set[str]]:
    """The modules of others that any file imports, each with the distributions it comes from."""
    modules: set[str] = set()
    for path in (path for top in OURS for path in (TREE / top).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    given = packages_distributions()
    return {
        module: {re.sub("[._]", "-", name.lower()) for name in given.get(module, [])}
        for module in modules - OURS - GIVEN_BY_ANDROID - sys.stdlib_module_names
    }


@pytest.mark.parametrize("extra", list(SECTIONS))
def test_every_dependency_has_its_line(extra: str) -> None:
    assert written(SECTIONS[extra]) == declared()[extra]


def test_every_extra_has_its_table() -> None:
    assert set(declared()) == set(SECTIONS)


def test_every_dependency_is_used() -> None:
    used = set().union(*imported().values())
    unused = set().union(*declared().values()) - used
    assert unused == set(USED_WITHOUT_IMPORT)
    for path, words in USED_WITHOUT_IMPORT.values():
        assert words in (TREE / path).read_text("utf-8"), path


def test_everything_imported_is_declared() -> None:
    direct = set().union(*declared().values())
    assert {module for module, given in imported().items() if not given & direct} == set()


def test_every_dependency_is_locked() -> None:
    lock = (TREE / "requirements/all.txt").read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==", lock, re.MULTILINE))
    assert set().union(*declared().values()) - pinned == set()
