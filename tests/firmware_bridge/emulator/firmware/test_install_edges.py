"""Installs and clearances at their edges: dates, balances, what takes effect at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose import changes
from shared.dose.changes import Issue
from shared.dose.prescription import OpeningBalance, Prescription, Replacement
from shared.trust.keys import SoftwareKey
from shared.trust.statements import (
    Certificate,
    Clearance,
    Purpose,
)
from shared.wire.operations import (
    NoncePurpose,
    Operation,
    StatementArguments,
    StatusCode,
)
from shared.wire.records import (
    CloseCause,
    PrescriptionInstalledBody,
    SessionClosedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.firmware_bridge.emulator.firmware.test_roots import COLLEAGUE, by_colleague, revoke
from tests.shared.clinic import (
    DAY_S,
    FAR_S,
    NOW_S,
    Clinic,
    itbs,
)
from tests.shared.prescribed import titration

OLD_DEVICE = b"old device 16 by"


def now_s(band: Band) -> int:
    return NOW_S + band.now_ms // 1000


# Installs


@pytest.mark.parametrize(
    ("install_by_s", "issued_s", "said"),
    [
        (0, 0, None),
        (-1, -1, "install_by_passed"),
        (700, 600, None),
        (700, 601, "issued_in_the_future"),
    ],
)
def test_dates_hold_to_the_second(
    owned_band: Band, install_by_s: int, issued_s: int, said: str | None
) -> None:
    at_s = now_s(owned_band)
    dated = itbs(
        install_by_s=at_s + install_by_s, issued_s=at_s + issued_s, not_before_s=at_s + issued_s
    )
    answer = owned_band.install(dated)
    assert (code(answer) if said else None) == said
    assert said or granted(answer)


def weaker(band: Band) -> Prescription:
    return itbs(
        serial=2,
        replaces_hash=band.firmware.status().prescription_hash,
        new_course=False,
        parts=(replace(itbs().parts[0], intensity_percent=110),),
    )


def test_a_weaker_treatment_disarms(band: Band) -> None:
    band.arm()
    assert granted(band.install(weaker(band)))
    assert band.is_in(DeviceState.IDLE)
    assert band.firmware.status().serial == 2


def test_where_the_lock_then_says_no_a_weaker_treatment_ends_the_session(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    band.board.sensors.change(contact=False)
    assert granted(band.install(weaker(band)))
    assert band.bodies(SessionClosedBody)[-1].cause is CloseCause.LOCKED_ON_RESUME


def test_a_treatment_is_adopted_beside_a_titration_of_another_signer(band: Band) -> None:
    assert granted(by_colleague(band, titration(itbs())))
    assert code(by_colleague(band)) == "already_installed"
    assert granted(revoke(band, band.clinic.staff))
    assert granted(by_colleague(band))
    assert code(by_colleague(band, titration(itbs()))) == "already_installed"
    assert granted(revoke(band, COLLEAGUE, number=2))
    third = SoftwareKey.generate()
    certificate = band.clinic.staff_certificate(public_key=third.public_key.data)
    found = band.install(titration(itbs()), signer=third, certificate=certificate)
    assert granted(found)
    assert band.bodies(PrescriptionInstalledBody)[-1].opening is None


def opening(**changed: int) -> OpeningBalance:
    return replace(OpeningBalance(600, 1, 3000, 5, 6000, 10, 8), **changed)


def replacing(balance: OpeningBalance, **changed: Any) -> Prescription:
    replacement = Replacement(OLD_DEVICE, FAR_S, True, balance)
    plain = changes.replace_device(
        itbs(device_id=OLD_DEVICE),
        Issue(1, NOW_S, NOW_S + 7 * DAY_S),
        threshold=itbs().threshold,
        replacement=replacement,
    )
    return replace(plain, **changed)


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, False),
        ({"course_pulses": 6001, "course_sessions": 11, "course_completed": 11}, False),
        ({"course_pulses": 5999}, True),
        ({"course_sessions": 9}, True),
        ({"course_completed": 7}, True),
    ],
)
def test_a_second_balance_is_at_least_what_was_charged(
    owned_band: Band, changed: dict[str, int], refused: bool
) -> None:
    assert granted(owned_band.install(replacing(opening())))
    named = owned_band.firmware.status().prescription_hash
    again = replacing(opening(**changed), serial=2, replaces_hash=named)
    answer = owned_band.install(again)
    assert (answer.status is not StatusCode.OK) is refused
    if refused:
        assert code(answer) == "opening_below_course"


def test_a_balance_of_another_course_is_not_held_against_this_one(owned_band: Band) -> None:
    assert granted(owned_band.install(replacing(opening())))
    named = owned_band.firmware.status().prescription_hash
    other = replacing(opening(course_pulses=1), serial=2, replaces_hash=named, course_id=b"d" * 16)
    assert granted(owned_band.install(other))
    named = owned_band.firmware.status().prescription_hash
    back = replacing(opening(course_pulses=5999), serial=3, replaces_hash=named)
    assert code(owned_band.install(back)) == "opening_below_course", "a former course is known"


# The clinic's servers


@pytest.mark.parametrize(("ahead_s", "taken"), [(600, True), (601, False)])
def test_a_clearance_is_at_most_ten_minutes_ahead(band: Band, ahead_s: int, taken: bool) -> None:
    nonce = band.nonce(NoncePurpose.CLEARANCE)
    word = Clearance(nonce, now_s(band) + ahead_s, 1, 0, 0)
    answer = band.server_says(Operation.CLEARANCE, word, Purpose.CLEARANCE)
    assert (answer.status is StatusCode.OK) is taken
    if not taken:
        assert code(answer) == "clearance_from_the_future"


@pytest.mark.parametrize(("more_s", "taken"), [(0, True), (1, False)])
def test_outside_a_demonstration_its_key_is_certified_for_two_weeks(
    new_band: Band, more_s: int, taken: bool
) -> None:
    new_band.clinic = Clinic(demo=False, manufacturer=new_band.clinic.manufacturer)
    new_band.provision()
    key = new_band.clinic.online[Purpose.CLEARANCE]
    from_s = NOW_S - DAY_S
    certificate = new_band.clinic.certify(
        Certificate(
            Purpose.CLEARANCE,
            key.public_key.data,
            "clearance",
            from_s,
            from_s + 14 * DAY_S + more_s,
        )
    )
    word = new_band.clinic.clearance(new_band.nonce(NoncePurpose.CLEARANCE), NOW_S)
    answer = new_band.ask(Operation.CLEARANCE, StatementArguments(word, certificate))
    assert (answer.status is StatusCode.OK) is taken
    if not taken:
        assert code(answer) == "certificate_too_long"
