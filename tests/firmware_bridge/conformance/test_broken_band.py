"""A band with one rule broken fails the suite, and at the section that has the rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_bridge.conformance.emulated import PYTHON, emulated_band
from tests.firmware_bridge.conformance import broken_band
from tests.firmware_bridge.conformance.suite import QUICK, run_suite

SECTIONS = {
    "open_status": "services",
    "window_always_open": "pairing",
    "frames_unnumbered": "framing",
    "any_spelling": "encoding",
    "done_twice": "control-point",
    "blob_hash_unchecked": "blobs",
    "older_nonce_good": "nonces",
    "audience_unchecked": "statements",
    "origin_unchecked": "prescription",
    "replay_taken": "arming-and-the-session-key",
    "stop_goes_on": "states",
    "no_telemetry": "status-and-telemetry",
    "head_of_another_chain": "ledger-records",
    "nothing_is_success": "record-access",
    "lock_without_reasons": "lock-reasons",
    "hold_written_again": "operations",
    "image_by_anybody": "firmware-update",
}


def test_each_broken_rule_has_its_section() -> None:
    assert set(SECTIONS) == set(broken_band.BREAKS)


@pytest.mark.long
@pytest.mark.parametrize("broken", SECTIONS)
def test_it_fails_at_the_right_section(broken: str, tmp_path: Path) -> None:
    command = (PYTHON, broken_band.__file__, broken)
    with emulated_band(tmp_path / "band", emulator=command, clock=QUICK) as band:
        run = run_suite(band)
    assert run.failed == {SECTIONS[broken]}, run.checks("failed")
    assert run.status == 1
