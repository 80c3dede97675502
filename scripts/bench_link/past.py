"""A band's folder with a course behind it: the real firmware, 30 whole sessions, five a week."""

from __future__ import annotations

import json
from pathlib import Path

from shared.wire.operations import Operation, StatusCode
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import DEVICE_ID

SESSIONS = 30
BETWEEN_MS = 34 * 3_600_000
STEP_MS = 500
STEPS_AT_MOST = 1_200


def live(folder: Path, identity: Path) -> Band:
    """Make a band with its past, and what its maker gave it; its power is cut in the end."""
    band = Band(folder)
    band.ready()
    for number in range(SESSIONS):
        if number:
            band.skip(BETWEEN_MS)
            band.clear()
            band.answer_gates()
        _treat(band, number)
    band.power_cut()
    _write_identity(band, identity)
    return band


def _treat(band: Band, number: int) -> None:
    answer = band.arm(number.to_bytes(16, "big"))
    if answer.status is not StatusCode.OK:
        raise AssertionError(f"session {number}: {answer.result}")
    band.sealed(Operation.OPEN_START_WINDOW)
    band.press()
    for _ in range(STEPS_AT_MOST):
        band.skip(STEP_MS)
        if band.firmware.ledger.session is None:
            return
        band.sealed(Operation.BEAT)
        if band.firmware.status().still_here_due_ms is not None:
            band.sealed(Operation.STILL_HERE)
    raise AssertionError(f"session {number} doesn't end")


def _write_identity(band: Band, folder: Path) -> None:
    folder.mkdir()
    label = {"device_id": DEVICE_ID.hex(), "name": "Bench"}
    (folder / "device.json").write_text(json.dumps(label))
    (folder / "device.key").write_bytes(band.device_key.to_pem())
    (folder / "device.cert").write_bytes(b"none")
    (folder / "manufacturer.pub").write_text(band.clinic.manufacturer.public_key.data.hex())
