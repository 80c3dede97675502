"""Judges what pip-audit wrote: a package without a judgement isn't a package without a fault.

pip-audit ends with 0 where it skipped packages; a release must not. Used by `make audit`.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from scripts.supply.pins import read_pins

CLEAN, FOUND, NOT_CHECKED = 0, 1, 75
PROBE = "cryptography"
"""The package that every advisory source knows: it has had advisories."""


def one_package(lock: Path) -> str:
    """Return the lock's lines of the package that a source is tried with."""
    (pin,) = [each for each in read_pins(lock) if each.name == PROBE]
    return " ".join(
        [f"{pin.name}=={pin.version}", *(f"--hash=sha256:{each}" for each in pin.sha256)]
    )


def unjudged(said: Any) -> list[str]:
    """The packages that the source had no answer for, each with why."""
    return [f"{e['name']}: {e['skip_reason']}" for e in said["dependencies"] if "skip_reason" in e]


def faults(said: Any) -> list[str]:
    """A line for each known vulnerability: package, version, its name, where it is mended."""
    return [
        f"{each['name']} {each['version']}: {one['id']}, mended in "
        + (", ".join(one["fix_versions"]) or "no version")
        for each in said["dependencies"]
        for one in each.get("vulns", [])
    ]


def verdict(said: Any, service: str) -> tuple[int, list[str]]:
    """Return the exit status of an audit and the lines that say why."""
    left, found = unjudged(said), faults(said)
    lines = [f"audit: {each}" for each in found]
    lines += [f"audit: NOT CHECKED: {each}" for each in left]
    judged = len(said["dependencies"]) - len(left)
    lines.append(f"audit: {service} judged {judged} packages and knows {len(found)} faults of them")
    return (FOUND if found else NOT_CHECKED if left else CLEAN), lines


def main() -> int:
    """The command line; returns its exit status."""
    parser = argparse.ArgumentParser(description="Judges pip-audit's JSON.")
    parser.add_argument("what", choices=["one-package", "answers", "verdict"])
    parser.add_argument("file", type=Path)
    parser.add_argument("service", nargs="?", default="")
    given = parser.parse_args()
    if given.what == "one-package":
        print(one_package(given.file))
        return CLEAN
    said = json.loads(given.file.read_text("utf-8"))
    if given.what == "answers":
        return NOT_CHECKED if unjudged(said) or not said["dependencies"] else CLEAN
    status, lines = verdict(said, given.service)
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
