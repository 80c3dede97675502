"""A disk that is really full: said in words, nothing by halves, and it goes on with room again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
APART = ("unshare", "--map-root-user", "--mount")


def may_mount() -> bool:
    """Whether this system lets a test have a small disk of its own."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*APART, "true"], capture_output=True, timeout=30).returncode == 0


@pytest.mark.skipif(not may_mount(), reason="this system gives a test no mount of its own")
def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        'mount -t tmpfs -o size=2400k none "$1" && exec "$2" -m tests.mobile.store.full_disk "$1"'
    )
    done = subprocess.run(
        [*APART, "sh", "-c", script, "sh", str(disk), sys.executable],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )

    assert done.returncode == 0, done.stderr
    assert "This phone has no room left" in done.stdout
    assert "kept in need" in done.stdout
    assert "held" in done.stdout
