"""Every wheel that the build asks for exists for Android's Python, and is pure or Android's own.

pip resolves as python-for-android has it do; whatever a pin needs must be pinned itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.android_check.pins import Pins

UNREACHABLE = ("connection", "timed out", "name resolution", "max retries", "from versions: none")
"""Of a name that the lock holds an index has some version; where there's none, pip met no index."""
_LIMIT_S = 300


class IndexUnreachable(Exception):
    """The package index doesn't answer: nothing is known, neither good nor bad."""


class NotResolved(Exception):
    """A pin that the index has no fitting wheel for; the words are pip's."""


@dataclass(frozen=True)
class Wheel:
    """A wheel as the index has it: `requires` are its own needs, as it writes them."""

    name: str
    version: str
    file: str
    requires: tuple[str, ...]

    @property
    def is_pure(self) -> bool:
        """Whether it runs anywhere."""
        return self.file.endswith("-none-any.whl")


def resolve(pins: Pins) -> tuple[Wheel, ...]:
    """Return the wheel of each pin; raise NotResolved or IndexUnreachable."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        asked = [f"{name}=={version}" for name, version in pins.wheels.items()]
        command = [
            *(sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps"),
            *("--disable-pip-version-check", "--ignore-installed", "--only-binary=:all:"),
            *("--target", folder, "--platform", pins.platform, "--python-version", pins.python),
            *("--report", str(report), *asked),
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_LIMIT_S, check=False
        )
        if done.returncode:
            raise refusal(done.stderr)
        return tuple(_wheel(each) for each in json.loads(report.read_text())["install"])


def unpinned_needs(pins: Pins, wheels: tuple[Wheel, ...]) -> list[str]:
    """Return what a wheel needs on the phone and the build doesn't bring in a fitting version."""
    versions = {**pins.wheels, **pins.recipes, **pins.staged}
    known = {canonicalize_name(name): version for name, version in versions.items()}
    missing = []
    for wheel in wheels:
        for need in map(Requirement, wheel.requires):
            if need.marker is not None and not need.marker.evaluate(phone_environment(pins)):
                continue
            name = canonicalize_name(need.name)
            version = known.get(name)
            if name not in known or (version and version not in need.specifier):
                missing.append(f"{wheel.name} needs {need}, the build brings {version or 'none'}")
    return missing


def phone_environment(pins: Pins) -> dict[str, str]:
    """Return what markers are read against: Android's Python, and no extra."""
    here = {name: str(value) for name, value in default_environment().items()}
    return here | {
        "python_version": ".".join(pins.python.split(".")[:2]),
        "python_full_version": pins.python,
        "sys_platform": "android",
        "platform_system": "Android",
        "platform_machine": "aarch64",
        "os_name": "posix",
        "extra": "",
    }


def _wheel(entry: dict[str, Any]) -> Wheel:
    said = entry["metadata"]
    file = entry["download_info"]["url"].rpartition("/")[2]
    requires = tuple(said.get("requires_dist", ()))
    return Wheel(canonicalize_name(said["name"]), said["version"], file, requires)


def refusal(words: str) -> Exception:
    """Return the error that pip's words mean."""
    lines = [line for line in words.splitlines() if "ERROR" in line] or words.splitlines()[-3:]
    text = "; ".join(lines)
    if any(sign in words.lower() for sign in UNREACHABLE):
        return IndexUnreachable(text)
    return NotResolved(text)
