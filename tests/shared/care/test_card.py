"""A clinic card says what it may, within its limits, and comes back as it was written."""

from __future__ import annotations

from typing import Any

import pytest

from shared.care.card import (
    ClinicCard,
    CrisisLine,
    Medicine,
    OpenHours,
    Prescribed,
    ReadySentence,
    dialled,
    require_numbers,
)
from shared.wire import fields
from shared.wire.errors import WireError
from tests.shared.care.cards import card


def test_it_comes_back_as_it_was_written() -> None:
    assert fields.unpack(ClinicCard, fields.pack(card())) == card()


def test_the_largest_fits_into_a_signed_document() -> None:
    from shared.care.documents import DOCUMENT_BYTES_MAX

    largest = card(
        medicines=tuple(Medicine(f"{n:03}" + "m" * 77, True) for n in range(200)),
        safety_plan=("\u00fc" * 200,) * 10,
        ready_sentences=tuple(ReadySentence(str(n), "\u00fc" * 120) for n in range(12)),
        closed_days=("2026-12-25",) * 60,
    )
    assert len(fields.pack(largest)) < DOCUMENT_BYTES_MAX


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("hours", {"hours": (OpenHours(0, 1, 2),) * 43}),
        ("clinic_name", {"clinic_name": ""}),
        ("emergency_number", {"emergency_number": "1"}),
        ("crisis_lines", {"crisis_lines": (CrisisLine("a", "112"),) * 9}),
        ("day_number", {"day_number": ""}),
    ],
)
def test_a_limit_is_named_with_its_field(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(WireError) as refused:
        fields.pack(card(**changes))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("safety_plan", {"safety_plan": ("x" * 201,)}),
        ("safety_plan", {"safety_plan": (" ",)}),
        ("closed_days", {"closed_days": ("25.12.2026",)}),
        ("closed_days", {"closed_days": ("2026-02-30",)}),
        ("ready_sentences", {"ready_sentences": (ReadySentence("a", "b"),) * 2}),
        ("instruments", {"instruments": (Prescribed("phq-9", 7), Prescribed("phq-9", 8))}),
        ("medicines", {"medicines": (Medicine("x", True), Medicine("x", False))}),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_is_made(
    field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(WireError) as refused:
        card(**changes)
    assert refused.value.field == field


def test_hours_end_after_they_begin() -> None:
    with pytest.raises(WireError, match="600 min"):
        OpenHours(0, 600, 600)


def test_an_answer_has_120_characters_of_any_alphabet() -> None:
    assert fields.pack(ReadySentence("a", "\u0633" * 120))
    with pytest.raises(WireError, match="121"):
        ReadySentence("a", "x" * 121)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("112", "112"),
        ("+49 (30) 23125-010", "+493023125010"),
        ("020 7946 0000", "02079460000"),
        ("see your letter", None),
        ("", None),
        ("1", None),
        ("+", None),
        ("49+30", None),
    ],
)
def test_a_number_is_dialled_or_it_is_words(written: str, plain: str | None) -> None:
    assert dialled(written) == plain


@pytest.mark.parametrize(
    "changes",
    [
        {"day_number": "see your letter"},
        {"on_call_number": "nobody"},
        {"emergency_number": "one one two"},
        {"crisis_lines": (CrisisLine("a", "call"),)},
    ],
)
def test_a_published_card_has_numbers_that_can_be_dialled(changes: dict[str, Any]) -> None:
    require_numbers(card())
    require_numbers(card(on_call_number=""))
    with pytest.raises(WireError, match=next(iter(changes))):
        require_numbers(card(**changes))
