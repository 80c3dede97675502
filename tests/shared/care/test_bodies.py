"""What a phone tells of care: every kind comes back, and what is past its limit goes nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.care import bodies
from shared.care.bodies import (
    BODIES,
    CareBody,
    CareKind,
    Consent,
    Graded,
    MessageOut,
    SideEffects,
)
from shared.care.from_clinic import ClinicMessage
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import care_id
from tests.shared.trust.examples import example

PATIENT = b"p" * 16


@pytest.mark.parametrize("kind", CareKind)
def test_every_kind_comes_back_as_it_was_told(kind: CareKind) -> None:
    item = example(BODIES[kind])
    frame, told = bodies.unpack(bodies.pack(item, at_ms=5, patient_id=PATIENT))
    assert told == item
    assert (frame.kind, frame.at_ms, frame.patient_id) == (kind, 5, PATIENT)


def test_one_kind_is_not_read_as_another() -> None:
    body = fields.pack(Consent("sharing", True))
    with pytest.raises(WireError):
        bodies.unpack(fields.pack(CareBody(CareKind.RED_FLAG, 5, PATIENT, body)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: MessageOut("x" * 121), "more than 120"),
        (lambda: MessageOut("  "), "says nothing"),
        (lambda: ClinicMessage(PATIENT, 1, "Dr. K.", "x" * 2_001), "2001"),
        (lambda: ClinicMessage(PATIENT, 1, "Dr. K.", " "), "text"),
    ],
)
def test_a_message_has_its_limits(make: Callable[[], object], words: str) -> None:
    with pytest.raises(WireError, match=words):
        make()


def test_a_grade_past_severe_is_refused() -> None:
    told = SideEffects(PATIENT, 1, (Graded("headache", 4),), softer=False)
    with pytest.raises(WireError, match="grade"):
        bodies.pack(told, at_ms=1, patient_id=PATIENT)


def test_a_call_needs_no_words_and_120_characters_may_be_of_any_alphabet() -> None:
    for told in (MessageOut("", call_me=True), MessageOut("\u0633" * 120)):
        assert bodies.unpack(bodies.pack(told, at_ms=1, patient_id=PATIENT))[1] == told


def test_an_id_says_when_and_nothing_else() -> None:
    assert care_id(1_700_000_000_000, bytes(16)) == f"care/1700000000000/{'00' * 16}"
