"""Reads our own Java: which public static methods and interfaces Python may call, with which types.

No Java compiler is at hand in a test; the sources are regular enough to be read by a pattern.
"""

from __future__ import annotations

import re
from pathlib import Path

from mobile.platform.android.bridge import OURS

FOLDER = Path(__file__).resolve().parents[4] / "mobile/android/java" / OURS.replace(".", "/")
_METHOD = re.compile(
    r"public static (?P<returns>\w+) (?P<name>\w+)\((?P<arguments>[^)]*)\)", re.DOTALL
)
_INTERFACE = re.compile(r"public interface (\w+) \{\s*void (\w+)\(int \w+\);")
_IMPORT = re.compile(r"^import ([\w.]+)\.(\w+);", re.MULTILINE)


def sources() -> dict[str, str]:
    """Return each of our classes with its source."""
    return {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.java"))}


def methods() -> dict[str, tuple[str, ...]]:
    """Return our classes as `reference.REFERENCE` gives Android's."""
    return {
        f"{OURS}.{name}": tuple(_line(found, text) for found in _METHOD.finditer(text))
        for name, text in sources().items()
    }


def listeners() -> dict[str, tuple[str, str]]:
    """Return our interfaces as `reference.LISTENERS` gives Android's."""
    folder = OURS.replace(".", "/")
    return {
        f"{folder}/{name}${interface}": (method, "(I)V")
        for name, text in sources().items()
        for interface, method in _INTERFACE.findall(text)
    }


def _line(found: re.Match[str], text: str) -> str:
    full = {short: f"{package}.{short}" for package, short in _IMPORT.findall(text)}
    full["Answer"] = f"{OURS}.OwnerAsk$Answer"
    full["Runnable"] = "java.lang.Runnable"
    kinds = [part.split()[-2] for part in found["arguments"].split(",") if part.strip()]
    arguments = ", ".join(full.get(kind, kind) for kind in kinds)
    return f"static {found['name']}({arguments})"
