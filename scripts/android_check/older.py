"""The versions that Android's recipes give, where they're older than the desktop's.

They're installed into a folder of their own and put before the environment's: then every module of
the staged app is imported, and the tests of what stands on them run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts.android_check.pins import TREE, Pins
from scripts.android_check.wheels import UNREACHABLE, IndexUnreachable, NotResolved

OLDER = ("cryptography", "cffi", "pillow", "pydantic", "pydantic-core")
TESTS = (
    "tests/shared/trust",
    "tests/mobile/store",
    "tests/mobile/sync",
    "tests/mobile/platform",
    "tests/mobile/exporting",
    "tests/firmware_bridge/link/update",
)
_LIMIT_S = 900
_IMPORT_ALL = """
import importlib, pathlib, sys, cryptography
assert cryptography.__version__ == sys.argv[1], cryptography.__file__
left_out = ("mobile/kit", "mobile/screens", "mobile/android", "mobile/platform/android",
            "mobile/platform/desktop", "mobile/app.py", "mobile/drive.py", "mobile/cli.py")
for part in ("shared", "firmware_bridge/link", "firmware_bridge/timebase", "mobile"):
    for path in pathlib.Path(part).rglob("*.py"):
        if not str(path).startswith(left_out):
            parts = path.with_suffix("").parts
            importlib.import_module(".".join(each for each in parts if each != "__init__"))
"""


def install_older(pins: Pins, folder: Path) -> list[str]:
    """Install them for this machine's Python; return them as ``name==version``."""
    versions = pins.wheels | {name: version or "" for name, version in pins.recipes.items()}
    asked = [f"{name}=={versions[name]}" for name in OLDER]
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--only-binary=:all:", "--upgrade", "--target", str(folder), *asked),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, check=False)
    if done.returncode:
        unreachable = any(sign in done.stderr.lower() for sign in UNREACHABLE)
        raise (IndexUnreachable if unreachable else NotResolved)(done.stderr.strip()[-400:])
    return asked


def import_everything(folder: Path, pins: Pins) -> str:
    """Import every module of the app but its widgets over the older versions; return what failed.

    The widgets are imported by the start with the desktop's modules blocked.
    """
    command = [sys.executable, "-c", _IMPORT_ALL, pins.recipes["cryptography"] or ""]
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command,
        cwd=TREE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    return "" if done.returncode == 0 else done.stderr.strip()[-400:]


def run_tests(folder: Path) -> tuple[bool, str]:
    """Return whether the tests pass over the older versions, and pytest's last line."""
    existing = [name for name in TESTS if (TREE / name).exists()]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *existing]
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command,
        cwd=TREE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return done.returncode == 0, lines[-1] if lines else done.stderr.strip()[-400:]
