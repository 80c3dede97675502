"""`make android-check`: prints what holds and what misses. Exit 1 on a miss, 3 without an index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.android_check.older import import_everything, install_older, run_tests
from scripts.android_check.pins import TREE, Pins, read_pins, recipe_table
from scripts.android_check.wheels import (
    IndexUnreachable,
    NotResolved,
    resolve,
    unpinned_needs,
)

FOLDER = TREE / "build/android/older"
MISSED, UNREACHABLE = 1, 3
_BY_OURSELVES = ("tests/mobile/android", "tests/mobile/platform/android")


def main() -> int:
    """Run every check, also after one that failed; return the exit code."""
    pins = read_pins()
    print(f"Android's Python {pins.python}, tag {pins.platform}")
    held = [_tests()]
    try:
        held += [_wheels(pins), _recipes(pins), _older(pins, FOLDER)]
    except IndexUnreachable as problem:
        print(f"?     the package index can't be reached: {problem}")
        return MISSED if not all(held) else UNREACHABLE
    return 0 if all(held) else MISSED


def _tests() -> bool:
    """Manifest against code, hook, staged tree, start with the desktop's modules blocked."""
    command = [sys.executable, "-m", "pytest", "-q", *_BY_OURSELVES]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return _say("manifest, staged tree, start without the desktop's modules", lines[-1:], done)


def _wheels(pins: Pins) -> bool:
    try:
        wheels = resolve(pins)
    except NotResolved as problem:
        return _say("every pin resolves", [str(problem)], None)
    missing = unpinned_needs(pins, wheels)
    for wheel in wheels:
        print(f"      {wheel.name}=={wheel.version}  {'pure' if wheel.is_pure else wheel.file}")
    pure = sum(wheel.is_pure for wheel in wheels)
    held = _say(f"{len(wheels)} pins resolve, {pure} of them pure", [], True)
    return _say("whatever they need is pinned", missing, not missing) and held


def _recipes(pins: Pins) -> bool:
    table = recipe_table()
    for name, version in pins.recipes.items():
        own = table[name].get("version")
        note = "" if version == own else f" (the recipe's own is {own}: {table[name]['why']})"
        print(f"      {name}{'==' + version if version else ''}  by recipe{note}")
    for name, version in pins.staged.items():
        print(f"      {name}=={version}  comes along as Python files")
    unknown = [name for name in pins.recipes if name not in table]
    return _say(f"{len(pins.recipes)} by known recipes", unknown, not unknown)


def _older(pins: Pins, folder: Path) -> bool:
    try:
        versions = install_older(pins, folder)
    except NotResolved as problem:
        return _say("the recipes' versions install here", [str(problem)], None)
    failed = import_everything(folder, pins)
    imported = _say("every module is imported over them", [failed] if failed else [], not failed)
    held, line = run_tests(folder)
    return _say(f"tests over {', '.join(versions)}", [line], held) and imported


def _say(
    what: str, lines: list[str], outcome: subprocess.CompletedProcess[str] | bool | None
) -> bool:
    held = outcome if isinstance(outcome, bool) else bool(outcome and outcome.returncode == 0)
    print(f"{'ok   ' if held else 'MISS '} {what}{': ' if lines else ''}{'; '.join(lines)}")
    return held


if __name__ == "__main__":
    sys.exit(main())
