"""The lock as values: each package with its version and the hashes that pip holds it to."""

import re
from dataclasses import dataclass
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
LOCK = TREE / "requirements/all.txt"
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(?P<version>[^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class BadLock(ValueError):
    """A line of the lock that isn't a pin with hashes."""


@dataclass(frozen=True)
class Pin:
    """One package of the lock.

    Attributes:
        name: as the index has it, in lower case with hyphens.
        version: the exact version.
        sha256: the hash of each file that pip may take, in hex, sorted.
    """

    name: str
    version: str
    sha256: tuple[str, ...]


def read_pins(lock: Path = LOCK) -> list[Pin]:
    """Return every pin of a lock, in its order.

    Raises:
        BadLock: a pin has no hash, or a line that should be one isn't.
    """
    text = "\n".join(
        line for line in lock.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")
    )
    pins = []
    for entry in filter(None, (part.strip() for part in re.split(r"\n(?=\S)", text))):
        named, hashes = PIN.match(entry), tuple(sorted(HASH.findall(entry)))
        if named is None or not hashes:
            raise BadLock(f"{lock.name}: no pin with hashes: {entry.splitlines()[0]}")
        pins.append(Pin(named["name"], named["version"], hashes))
    return pins
