"""Files in the tree that others made, and how a file is known to be no source of ours.

A file of others stands in the `VENDORED.toml` beside it. A file that nobody can read as a source
(bytes that are no text, code in lines no editor shows), and code that bears somebody's notice or a
bundler's marks, is one of others until `MADE` names the command that makes it here.
"""

import re
import subprocess
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from scripts.supply.pins import TREE

LIST = "VENDORED.toml"
LONGEST_LINE = 400
"""Characters; more in a line of code is a machine's work (own figure: ours end at 200)."""
CODE = {".js", ".mjs", ".css", ".py", ".java"}
FOREIGN_MARK = re.compile(
    r"SPDX-License|copyright|@licen[sc]e|node_modules|sourceMappingURL|all rights reserved", re.I
)
WEB_CODE = {".js", ".mjs", ".css"}
MADE = {
    "*/LC_MESSAGES/circlet.mo": "make words",
    "docs/pictures/*.png": "make screenshots, and the demo",
    "mobile/android/*.png": "scripts/app_icon.py",
    "tests/shared/firmware/imgtool/*": "MCUboot's imgtool, over a payload of ours",
}
"""Files that no one can read and that are ours: what makes them."""


@dataclass(frozen=True)
class VendoredFile:
    """One file of others, as the list beside it says.

    Attributes:
        path: from the tree's root.
        name: the package on npm that it is from.
        version: of that package.
        licence: an SPDX name.
        licence_file: from the tree's root.
        made: how the file came from the package.
        sha256: of the file, in hex.
    """

    path: str
    name: str
    version: str
    licence: str
    licence_file: str
    made: str
    sha256: str


def vendored(root: Path = TREE) -> list[VendoredFile]:
    """Every file that a list names, sorted by its path."""
    found = []
    for listed in (name for name in tracked(root) if Path(name).name == LIST):
        folder = Path(listed).parent
        for entry in tomllib.loads((root / listed).read_text("utf-8"))["file"]:
            paths = {key: (folder / entry[key]).as_posix() for key in ("path", "licence_file")}
            found.append(VendoredFile(**(entry | paths)))
    return sorted(found, key=lambda each: each.path)


def tracked(root: Path = TREE) -> list[str]:
    """The paths of the tree's files, from its root, as Git has them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    ).stdout
    return [name for name in listed.split("\0") if name and (root / name).is_file()]


def is_made(name: str) -> bool:
    """Whether a command of ours makes this file."""
    return any(fnmatch(name, pattern) for pattern in MADE)


def is_source(path: Path) -> bool:
    """Whether this reads as a file that a person of ours writes and changes."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    if "\0" in text:
        return False
    if path.suffix in WEB_CODE and FOREIGN_MARK.search(text):
        return False
    longest = max(map(len, text.splitlines()), default=0)
    return path.suffix not in CODE or longest <= LONGEST_LINE
