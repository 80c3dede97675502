"""The record's order, its beginning, and what is asked of the state that it adds up to."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from shared.dose.ledger import (
    LedgerError,
    LedgerState,
    OpenSession,
    chain_hash,
    follow,
    genesis,
)
from shared.dose.prescription import OpeningBalance, PrescriptionKind
from shared.dose.totals import Amount, Windows
from shared.wire import records
from shared.wire.records import CloseCause, SessionKind
from tests.shared.dose.full_state import (
    APPS,
    CLOCK_MS,
    FULL,
    HASH,
    NOW_MS,
    PATIENT,
    RESERVED,
    SESSION,
    UPTIME_MS,
    changed,
    state,
)

COURSE = FULL.current_course
assert COURSE is not None


def installed(**changes: Any) -> records.PrescriptionInstalledBody:
    plain = records.PrescriptionInstalledBody(
        b"y" * 32, 8, b"c" * 16, PrescriptionKind.TREATMENT, b"w" * 8
    )
    return replace(plain, **changes)


OPENING = OpeningBalance(700, 1, 3000, 5, 9000, 15, 9)


def test_before_the_first_record_nothing_was_given_and_nothing_is_owned() -> None:
    told = {name: value for name, value in vars(genesis(b"d" * 16, b"e" * 16)).items() if value}
    assert set(told) == {"hash", "windows", "ceilings", "forgotten", "firmware_confirmed"}
    assert told["windows"] == told["ceilings"] == Windows()
    assert told["hash"] == hashlib.sha256(b"circlet/ledger/v1" + b"d" * 16 + b"e" * 16).digest()


# Order


def in_order(before: LedgerState, **changes: Any) -> LedgerState:
    plain = records.Record(
        before.number + 1,
        records.RecordType.TRAINING_DONE,
        3,
        UPTIME_MS,
        CLOCK_MS,
        records.TrainingDoneBody(HASH, 3),
    )
    return follow(before, replace(plain, **changes), b"bytes")


def test_a_record_follows_by_number_boot_and_time_and_is_chained() -> None:
    found = in_order(FULL)
    assert (found.number, found.boot_count, found.proven_ms) == (41, 3, NOW_MS)
    assert found.hash == chain_hash(FULL.hash, b"bytes")


BOOT: dict[str, Any] = {"type": records.RecordType.BOOT}


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 40},
        {"number": 42},
        {"boot_count": 2},
        {"boot_count": 4},
        {"uptime_ms": UPTIME_MS - 2},
        {**BOOT, "body": records.BootBody(1, True, NOW_MS - 2, "1")},
        {**BOOT, "body": records.BootBody(1, True, NOW_MS, "1"), "boot_count": 2},
    ],
    ids=[
        "number again",
        "a number left out",
        "an earlier boot",
        "a later boot",
        "earlier",
        "a boot that is earlier",
        "a boot of before",
    ],
)
def test_out_of_order_it_does_not(changes: dict[str, Any]) -> None:
    number = changes.get("number", 41)
    with pytest.raises(LedgerError, match=f"record {number}: "):
        in_order(FULL, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"uptime_ms": UPTIME_MS - 1},
        {**BOOT, "body": records.BootBody(1, True, NOW_MS - 1, "1"), "boot_count": 4},
        {**BOOT, "body": records.BootBody(1, True, NOW_MS, "1"), "uptime_ms": 0},
    ],
    ids=["the same instant", "a boot at the same instant", "a boot's own uptime"],
)
def test_at_the_very_edge_it_does(changes: dict[str, Any]) -> None:
    assert in_order(FULL, **changes).number == 41


def test_the_first_record_says_whose_the_device_is() -> None:
    owned = records.ProvisionedBody(HASH, HASH, PATIENT)
    first = genesis(b"d" * 16, b"e" * 16)
    plain = {"type": records.RecordType.PROVISIONED, "body": owned}
    assert in_order(first, **plain).patient_id == PATIENT
    assert in_order(first, **plain, boot_count=0).patient_id == PATIENT
    with pytest.raises(LedgerError, match="provisioned") as refused:
        in_order(first)
    assert refused.value.number == 1


# What is asked of a state


def test_presence_covers_until_its_hour_is_over() -> None:
    asked = state(supervised_until_ms=NOW_MS)
    assert asked.supervised(NOW_MS - 1)
    assert not asked.supervised(NOW_MS)
    assert not state(supervised_until_ms=None).supervised(0)


def test_a_key_is_revoked_by_its_whole_name_or_the_first_half() -> None:
    assert FULL.revoked(b"v" * 16) == FULL.revoked(b"v" * 8) == FULL.revocations[0]
    assert FULL.revoked(b"u" * 8) is None


def test_without_a_course_nothing_is_charged_to_one() -> None:
    none = state(current_course=None)
    assert (none.course_id, none.course, none.course_completed) == (None, Amount(0, 0), 0)
    assert (FULL.course_id, FULL.course, FULL.course_completed) == (b"c" * 16, Amount(660, 2), 1)
    told = changed(none, RESERVED)
    assert "current_course" not in told
    whole = records.SessionClosedBody(b"s" * 16, CloseCause.COMPLETED, True, 60)
    assert "current_course" not in changed(none, whole)
    replaced = installed(kind=PrescriptionKind.REPLACEMENT, opening=OPENING)
    assert changed(none, replaced)["current_course"].charged == Amount(9000, 15)


def test_the_newest_enrolment_counts() -> None:
    assert FULL.enrolment_number == 6
    assert state(apps=()).enrolment_number == 0


def test_a_hold_is_found_by_its_id() -> None:
    assert FULL.hold(b"2" * 16) == APPS
    assert FULL.hold(b"?" * 16) is None


def test_a_session_is_new_when_it_opens() -> None:
    plain = OpenSession(b"s" * 16, b"x" * 32, 600, 20)
    assert not any((plain.counted, plain.stopped, plain.supervised, plain.reserved))
    assert (plain.charged_pulses, plain.trains_begun) == (0, 0)
    assert plain.kind is SESSION.kind is SessionKind.TREATMENT
