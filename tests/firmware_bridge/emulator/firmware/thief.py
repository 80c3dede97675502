"""What tests of stolen keys share: a thief's hand, a session given, and when the lock would end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.trust.statements import (
    Enrolment,
)
from shared.wire.operations import (
    Answer,
    Operation,
    StatusCode,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.safe import Safe
from tests.firmware_bridge.emulator.firmware.words import (
    NEW_APP,
    Hand,
)
from tests.shared.clinic import DAY_S, FAR_S, NOW_S, PATIENT_ID

DAY_MS = DAY_S * 1000


def hand(band: Band, name: str) -> Hand:
    """Return somebody who holds one of the clinic's keys."""
    safe = Safe(band.clinic)
    return Hand(safe, safe[name])


def code(answer: Answer) -> str:
    """Return why an answer refuses."""
    assert answer.status is not StatusCode.OK
    said: str = answer.result.code
    return said


def treat(band: Band, pulses: int = 600) -> None:
    """Give a session, whole or broken off."""
    band.start()
    band.run_until_fired(band.fired + pulses)
    band.ask(Operation.CLOSE)
    band.run(10_000)
    assert band.state is DeviceState.IDLE


def opens_ms(band: Band) -> int:
    """Return the proven instant at which the last lock that only time ends has ended."""
    ends = [reason.ends_proven_ms for reason in band.firmware.status().reasons]
    return max((each for each in ends if each is not None), default=0)


def enrol_new_app(band: Band, number: int = 2, **changes: Any) -> Answer:
    """Enrol a thief's app by the enrolment key."""
    own = NEW_APP.public_key.data
    plain = Enrolment(own, own, PATIENT_ID, number, NOW_S - 60, FAR_S)
    return hand(band, "enrolment").enrols(band, replace(plain, **changes))
