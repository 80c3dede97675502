"""Puts together the tree that goes onto the phone: only what runs there, `main.py` on top.

`python -m mobile.android.stage FOLDER`; the folder is made anew.
"""

from __future__ import annotations

import shutil
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[1]
PARTS = ("shared", "firmware_bridge/link", "firmware_bridge/timebase", "mobile")
LEFT_OUT = (
    "mobile/android",
    "mobile/cli.py",
    "mobile/drive.py",
    "mobile/platform/desktop",
    "mobile/platform/keyring_store.py",
)
"""The desktop's, and what only builds."""
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.so", "*.c", "*.pyi", "*.po", "*.pot")


def stage(target: Path) -> None:
    """Make the tree anew."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for part in PARTS:
        shutil.copytree(TREE / part, target / part, ignore=_NOT_COPIED)
    for package in {part.partition("/")[0] for part in PARTS if "/" in part}:
        shutil.copy(TREE / package / "__init__.py", target / package / "__init__.py")
    for name in LEFT_OUT:
        _remove(target / name)
    for package in staged_packages():
        _bring(package, target)
    shutil.copy(HERE / "main.py", target / "main.py")


def staged_packages() -> dict[str, str]:
    """Return the packages that come along as Python files, with their versions."""
    staged: dict[str, str] = tomllib.loads((HERE / "recipes.toml").read_text("utf-8"))["staged"]
    return staged


def _bring(package: str, target: Path) -> None:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} isn't installed: run scripts/bootstrap.sh")
    shutil.copytree(Path(spec.origin).parent, target / package, ignore=_NOT_COPIED)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


if __name__ == "__main__":
    stage(Path(sys.argv[1]))
