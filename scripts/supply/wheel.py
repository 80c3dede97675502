"""Builds the wheel twice, in two folders that share nothing, and compares (`make wheel`).

Each build is of the committed tree, at the commit's time, with another home, time zone and order
of sets. A wheel holds the modes of its files, so both have one umask, whoever builds. The wheel
goes to dist/ only if both have the same bytes.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scripts.supply.pins import TREE
from scripts.supply.sbom import head


class NotReproducible(RuntimeError):
    """Two builds of one commit differ."""


@dataclass(frozen=True)
class Surroundings:
    """What a build must not depend on."""

    zone: str
    hash_seed: str

    def variables(self, home: Path, at_s: int) -> dict[str, str]:
        """The environment of a build: nothing of this process's but the PATH."""
        return {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "PYTHONHASHSEED": self.hash_seed,
            "SOURCE_DATE_EPOCH": str(at_s),
            "TZ": self.zone,
        }


FIRST = Surroundings("UTC", "0")
SECOND = Surroundings("Pacific/Kiritimati", "4711")
UMASK = 0o022


def reproducible_wheel(tree: Path = TREE) -> Path:
    """Build twice; return the wheel, in the tree's dist/.

    Raises:
        NotReproducible: the builds differ, with both hashes.
        subprocess.CalledProcessError: a build failed; what it said stands on stderr.
    """
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        first = build(tree, Path(one) / "a", FIRST)
        second = build(tree, Path(other) / "somewhere else", SECOND)
        hashes = [hashlib.sha256(each.read_bytes()).hexdigest() for each in (first, second)]
        if hashes[0] != hashes[1] or first.name != second.name:
            raise NotReproducible(f"{first.name} {hashes[0]}, {second.name} {hashes[1]}")
        (tree / "dist").mkdir(exist_ok=True)
        return Path(shutil.copy(first, tree / "dist" / first.name))


def build(tree: Path, folder: Path, around: Surroundings) -> Path:
    """Build one wheel of what is committed, in a new folder."""
    source = folder / "source"
    source.mkdir(parents=True)
    archive = folder / "source.tar"
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check"]
    alone = ["--no-index", "--no-deps", "--no-build-isolation", "--no-cache-dir"]
    subprocess.run(["git", "archive", f"--output={archive}", "HEAD"], cwd=tree, check=True)
    for step in (
        ["tar", "-xf", str(archive), "-C", str(source)],
        [*pip, *alone, "--wheel-dir", str(folder), str(source)],
    ):
        environment = around.variables(folder, int(head(tree).at.timestamp()))
        subprocess.run(step, cwd=folder, env=environment, umask=UMASK, check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def main() -> None:
    """The command line."""
    argparse.ArgumentParser(description="The wheel, built twice and compared.").parse_args()
    wheel = reproducible_wheel()
    print(f"{wheel}: sha256 {hashlib.sha256(wheel.read_bytes()).hexdigest()}, twice the same")


if __name__ == "__main__":
    main()
