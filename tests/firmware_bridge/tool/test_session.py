"""One session from the terminal, from the arm message to its last pulse."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_bridge.conformance.emulated import emulated_band
from tests.firmware_bridge.tool.running import Engineer

HURRIED = ("--rate", "40")
PULSES = 600


@pytest.mark.long
def test_a_session_runs_to_its_end_and_stands_on_the_record(tmp_path: Path) -> None:
    with emulated_band(tmp_path / "band", clock=HURRIED) as band:
        engineer, keys = Engineer(band), str(band.keys_folder)
        assert engineer.run("pair").status == 0
        assert engineer.run("demo-setup", "--keys", keys).status == 0
        sat = engineer.run("arm", "--keys", keys, "--json")
        assert (sat.status, sat.document["outcome"]["outcome"]) == (0, "COMPLETED")
        ledger, maker = str(tmp_path / "ledger.jsonl"), f"{keys}/device/manufacturer.pub"
        assert engineer.run("records", "--out", ledger).status == 0
        judged = engineer.run("verify", ledger, "--manufacturer", maker, "--json").document
        assert (judged["whole"], judged["pulses"]) == (True, PULSES)
