"""A lock in a few words: the gravest thing first, and no pause where nobody paused anything."""

from __future__ import annotations

from datetime import UTC

import pytest

from mobile.presenters.lock import Lock, LockReason, LockWords, lock_words
from mobile.presenters.words import Now
from shared.dose.reasons import Reason, ReasonCode
from tests.shared.clinic import NOW_S

NOW = Now(NOW_S * 1000, UTC)


def words(*codes: ReasonCode) -> LockWords:
    return lock_words(Lock(tuple(LockReason(Reason(code)) for code in codes), by_band=True), NOW)


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_a_title_and_one_chip(code: ReasonCode) -> None:
    said = words(code)
    assert said.title
    assert not said.title.endswith(".")
    assert said.chip.text


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (ReasonCode.TREATMENT_ENDED, "Your clinic has ended this treatment"),
        (ReasonCode.COURSE_OVER, "The time of your course is over"),
        (ReasonCode.SUPERVISION_NEEDED, "Trained staff has to be with you"),
        (ReasonCode.REVOCATION_ON_ITS_WAY, "Getting word from your clinic"),
        (ReasonCode.SIGNER_REVOKED, "Please talk with your clinic"),
        (ReasonCode.NO_MAKE_UP, "Nothing is left to make up"),
        (ReasonCode.MAKE_UP_LATE, "The time to make it up is over"),
        (ReasonCode.TRAINING_NEEDED, "The short lessons first"),
        (ReasonCode.SIDE_EFFECTS_UNANSWERED, "The questions after your last session first"),
        (ReasonCode.ATTENDANT_NEEDED, "Somebody has to be with you"),
        (ReasonCode.EAR_PROTECTION_NEEDED, "Put in your ear protection"),
        (ReasonCode.FIRMWARE_UNCONFIRMED, "The band finishes its update"),
        (ReasonCode.MOTION, "Sit still for a moment"),
    ],
)
def test_a_reason_is_named_for_what_ends_it(code: ReasonCode, title: str) -> None:
    assert words(code).title == title


def test_an_end_is_said_before_a_hold_and_a_hold_before_missing_staff() -> None:
    ended = words(ReasonCode.HOLD, ReasonCode.TREATMENT_ENDED)
    assert ended.title == "Your clinic has ended this treatment"
    held = words(ReasonCode.SUPERVISION_NEEDED, ReasonCode.HOLD)
    assert held.chip.text == "Paused"


def test_staff_that_is_missing_is_no_pause_by_the_clinic() -> None:
    assert words(ReasonCode.SUPERVISION_NEEDED).chip.text == "Not yet"


def test_the_screening_comes_before_what_its_answers_confirm() -> None:
    both = words(ReasonCode.EAR_PROTECTION_NEEDED, ReasonCode.SCREENING_NEEDED)
    assert both.title == "A few questions first"
