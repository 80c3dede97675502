"""What the Android build asks for: packages with their versions, permissions, other options."""

from __future__ import annotations

import configparser
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TREE = Path(__file__).resolve().parents[2]
FOLDER = TREE / "mobile/android"
SPEC, RECIPES = FOLDER / "buildozer.spec", FOLDER / "recipes.toml"
LOCK = TREE / "requirements/all.txt"
_LOCKED = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Permission:
    """One of the manifest's, with its flags (``neverForLocation``)."""

    name: str
    flags: str = ""


@dataclass(frozen=True)
class Pins:
    """`wheels` come from the index as they are; `recipes` are built; `staged` come along."""

    python: str
    wheels: dict[str, str]
    recipes: dict[str, str | None]
    staged: dict[str, str]
    permissions: tuple[Permission, ...]
    options: dict[str, str]

    @property
    def names(self) -> set[str]:
        """Every package that is on the phone."""
        return {*self.wheels, *self.recipes, *self.staged}

    @property
    def platform(self) -> str:
        """The tag that python-for-android asks the index for, and no other."""
        arch = self.options["android.archs"].replace("-", "_")
        return f"android_{self.options['android.minapi']}_{arch}"


def read_pins() -> Pins:
    """Read the build's files."""
    spec = configparser.ConfigParser(interpolation=None)
    spec.optionxform = str  # type: ignore[assignment, method-assign]
    spec.read_string(SPEC.read_text("utf-8"))
    app, recipes = dict(spec["app"]), tomllib.loads(RECIPES.read_text("utf-8"))
    asked = dict(_name_and_version(each) for each in _list(app["requirements"]))
    built = {name: asked[name] for name in recipes["recipe"] if name in asked}
    return Pins(
        python=recipes["python"],
        wheels={name: version or "" for name, version in asked.items() if name not in built},
        recipes=built,
        staged=recipes["staged"],
        permissions=tuple(_permission(each) for each in _list(app["android.permissions"])),
        options=app,
    )


def recipe_table() -> dict[str, dict[str, Any]]:
    """Return what recipes.toml says of each recipe."""
    table: dict[str, dict[str, Any]] = tomllib.loads(RECIPES.read_text("utf-8"))["recipe"]
    return table


def locked() -> dict[str, str]:
    """Return the versions that the desktop runs with."""
    return dict(_LOCKED.findall(LOCK.read_text("utf-8")))


def _list(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _name_and_version(requirement: str) -> tuple[str, str | None]:
    name, _, version = requirement.partition("==")
    return name, version or None


def _permission(text: str) -> Permission:
    if not text.startswith("("):
        return Permission(text)
    said = dict(part.split("=", 1) for part in text.strip("()").split(";"))
    return Permission(said["name"], said.get("usesPermissionFlags", ""))
