"""Which packages of the lock go along with the product, and which are for work on it alone.

What goes along is whatever `pip install circlet[mobile,cloud,emulator,tool]` brings. It is read
from what the installed packages say that they need, so it holds for the environment of `.venv`.
"""

import tomllib
from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.supply.pins import TREE

EXTRAS = ("mobile", "cloud", "emulator", "tool")
"""The extras of the product that somebody runs; `dev` is the rest."""


def shipped() -> dict[str, frozenset[str]]:
    """Return the packages that go along, each with the packages that it needs itself.

    Raises:
        importlib.metadata.PackageNotFoundError: one of them isn't installed.
    """
    return needed_by(product_requirements())


def needed_by(lines: list[str]) -> dict[str, frozenset[str]]:
    """Return every package that some requirements lead to, with what it needs itself."""
    found: dict[str, frozenset[str]] = {}
    seen: set[tuple[str, str]] = set()
    open_ends = [Requirement(line) for line in lines]
    while open_ends:
        each = open_ends.pop()
        name = canonicalize_name(each.name)
        for extra in {"", *each.extras} - {one for known, one in seen if known == name}:
            seen.add((name, extra))
            needed = [one for one in map(Requirement, requires(name) or []) if holds(one, extra)]
            found[name] = found.get(name, frozenset()) | {canonicalize_name(n.name) for n in needed}
            open_ends += needed
    return found


def product_requirements() -> list[str]:
    """What `pyproject.toml` asks for, without what is for work on it."""
    project = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))["project"]
    lines: list[str] = list(project["dependencies"])
    for extra in EXTRAS:
        lines += project["optional-dependencies"][extra]
    return lines


def holds(requirement: Requirement, extra: str) -> bool:
    """Whether a requirement counts here, for one that was asked for with that extra."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})
