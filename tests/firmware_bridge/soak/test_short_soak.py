"""Two hours of it: enough for every kind of act, too little to show a slow leak (`make soak`)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from firmware_bridge.conformance.emulated import TOOL

WITHIN_S = 900


@pytest.mark.long
@pytest.mark.timeout(WITHIN_S)
def test_two_hours_leave_nothing_behind(tmp_path: Path) -> None:
    ended = subprocess.run(
        (*TOOL, "soak", "--hours", "2", "--json", "--folder", str(tmp_path / "soak")),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert ended.stdout, ended.stderr
    report = json.loads(ended.stdout)
    left = [each for each in report["figures"] if each["what"] in ("handles", "tasks")]
    assert [each for each in left if each["late"] > each["allowed"]] == []
    assert report["simulated_h"] >= 2
