"""Whose licence each part has, and whether the product may have it.

What counts, in this order: a package's own licence expression, its licence field where that is an
SPDX name, what was read in its licence file (`requirements/licences.toml`), its one classifier.
Anything else is unknown, and unknown fails. No text of law is judged here; people did that once,
in the list of accepted licences.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distribution
from pathlib import Path

from license_expression import LicenseExpression, get_spdx_licensing

from scripts.supply.files import vendored
from scripts.supply.pins import TREE, read_pins
from scripts.supply.shipping import shipped

SPDX = get_spdx_licensing()
LIST = TREE / "requirements/licences.toml"
RECIPES = TREE / "mobile/android/recipes.toml"
BY_CLASSIFIER = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}
"""Classifiers that say one licence. "BSD License" says several, so it isn't here."""
BY_HAND = {"read in its licence file": "read", "recalled": "recalled"}
TOO_WIDE = {"License :: OSI Approved", "License :: DFSG approved"}
LIBRARY = re.compile(r"lib(?!.*(?:cpython|abi3)).+\.so[.\d]*")
NAMES = re.compile(r"[A-Za-z0-9.+() -]{1,100}")


class UnknownLicence(LookupError):
    """A part says no licence that can be named."""


class UnacceptedLicence(ValueError):
    """A part has a licence that the list doesn't accept."""


@dataclass(frozen=True)
class Part:
    """One part of a release, or of the work on it.

    Attributes:
        name: of the package, file or library.
        version: as it came.
        licence: an SPDX expression.
        why_known: who says so.
        ships: whether it goes along with the product.
    """

    name: str
    version: str
    licence: str
    why_known: str
    ships: bool


@cache
def lists() -> dict[str, dict[str, str]]:
    """The tables of `requirements/licences.toml`."""
    read: dict[str, dict[str, str]] = tomllib.loads(LIST.read_text("utf-8"))
    return read


def licence_of(name: str) -> tuple[str, str]:
    """Return a package's licence as an SPDX expression, and who says so.

    Raises:
        UnknownLicence: nobody does.
    """
    found = distribution(name)
    for key in ("License-Expression", "License"):
        for said in found.metadata.get_all(key) or []:
            if is_spdx(said):
                return str(said), "its metadata"
    for why, listed in BY_HAND.items():
        if name in lists()[listed]:
            return lists()[listed][name], why
    classified = set(classifiers(found)) - TOO_WIDE
    if len(classified) == 1 and (one := BY_CLASSIFIER.get(classified.pop())):
        return one, "its classifier"
    raise UnknownLicence(f"{name}: no licence that can be named; read its file, then {LIST.name}")


def classifiers(found: Distribution) -> list[str]:
    """A package's classifiers that are about its licence."""
    every: list[str] = found.metadata.get_all("Classifier") or []
    return [each for each in every if each.startswith("License ::")]


def is_spdx(text: str) -> bool:
    """Whether a text is an expression of SPDX's names alone; whole licences are no names."""
    return bool(NAMES.fullmatch(text)) and not SPDX.validate(text).errors


def demand_accepted(part: Part) -> None:
    """Refuse a part whose licence the list doesn't accept.

    Raises:
        UnacceptedLicence: with part and licence.
    """
    accepted = set(lists()["accepted"])
    if not any(names <= accepted for names in choices(part.licence)):
        raise UnacceptedLicence(f"{part.name}: {part.licence} isn't accepted")


def choices(expression: str) -> list[set[str]]:
    """What has to be kept, in each way that an expression leaves open ("A OR B AND C")."""
    whole = SPDX.dnf(SPDX.parse(expression))
    ways = whole.args if isinstance(whole, SPDX.OR) else (whole,)
    return [names_in(way) for way in ways]


def names_in(way: LicenseExpression) -> set[str]:
    """The names that hold together in one way; a name and its exception are one."""
    return {str(each) for each in (way.args if isinstance(way, SPDX.AND) else (way,))}


def packages() -> list[Part]:
    """Every package of the lock, by name.

    Raises:
        UnknownLicence: one of them says none.
    """
    along = shipped()
    found = []
    for pin in read_pins():
        licence, why = licence_of(pin.name)
        found.append(Part(pin.name, pin.version, licence, why, pin.name in along))
    return sorted(found, key=lambda part: part.name)


def files_of_others() -> list[Part]:
    """Every file of others in the tree; what tests alone read doesn't ship."""
    return [
        Part(one.path, f"{one.name} {one.version}", one.licence, "its list", ships_file(one.path))
        for one in vendored()
    ]


def ships_file(path: str) -> bool:
    """Whether a file of the tree is in the wheel."""
    return path.split("/", 1)[0] not in {"tests", "scripts"}


def inside_wheels() -> list[Part]:
    """The shared libraries that came inside packages of the lock.

    Raises:
        UnknownLicence: one isn't in the list.
    """
    along, found = shipped(), []
    for pin in read_pins():
        for stem in libraries_in(distribution(pin.name)):
            if stem not in lists()["inside"]:
                raise UnknownLicence(f"{stem} in {pin.name}: not in [inside] of {LIST.name}")
            licence, whole = lists()["inside"][stem], f"{pin.name} {pin.version}"
            found.append(Part(stem, whole, licence, "recalled", pin.name in along))
    return sorted(found, key=lambda part: (part.name, part.version))


def libraries_in(found: Distribution) -> list[str]:
    """The libraries in a package by their names, without version and the build's mark."""
    names = {Path(str(each)).name for each in found.files or []}
    return sorted({re.split("[-.]", name)[0] for name in names if LIBRARY.fullmatch(name)})


def on_android() -> list[Part]:
    """What python-for-android builds for the phone besides packages of the lock."""
    recipes = tomllib.loads(RECIPES.read_text("utf-8"))["recipe"]
    return [
        Part(name, recipes[name].get("version", "of the build"), licence, "recalled", True)
        for name, licence in sorted(lists()["android"].items())
    ]


def every_part() -> list[Part]:
    """All that a release stands on, and what work on it needs."""
    return [*packages(), *files_of_others(), *inside_wheels(), *on_android()]
