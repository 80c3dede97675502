"""Words before a journey: they claim no more than is known, and name what to do."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from mobile.presenters import emergency_numbers, travel
from mobile.presenters.emergency_numbers import COUNTRIES, Source, country_of, named
from mobile.presenters.page import PageView, Rows, Words
from mobile.presenters.travel import TravelFacts
from mobile.presenters.words import Now
from shared.care.card import dialled
from tests.shared.care.cards import card

HOUR_MS = 3_600_000
NOW = Now(1_790_000_000_000, UTC)


def view(**changes: Any) -> PageView:
    facts: dict[str, Any] = {
        "now": NOW,
        "card": card(),
        "battery_percent": 82,
        "battery_seen_ms": NOW.wall_ms - HOUR_MS,
        "sessions_until_ms": NOW.wall_ms + 100 * HOUR_MS,
        "next_session_ms": None,
    }
    return travel.travel_page(TravelFacts(**(facts | changes)))


def rows(page: PageView) -> dict[str, str]:
    found = [block for block in page.blocks if isinstance(block, Rows)]
    return {row.label: row.value for block in found for row in block.rows}


@pytest.mark.parametrize(
    ("changes", "label", "words"),
    [
        ({}, "The band's charge", "82 %, enough to leave (seen today 13:13)"),
        ({"battery_percent": 79}, "The band's charge", "79 %: charge it before you leave"),
        ({"battery_percent": None}, "The band's charge", "Not known"),
        ({}, "Sessions without a network", "Go on until Friday 18:13"),
        ({"sessions_until_ms": NOW.wall_ms}, "Sessions without a network", "find a network"),
        ({"sessions_until_ms": None}, "Sessions without a network", "Not known yet"),
        ({}, "Your next session", "As today's page says"),
        ({"next_session_ms": NOW.wall_ms + HOUR_MS}, "Your next session", "From today 15:13 on"),
    ],
)
def test_each_line_says_what_is_known_and_what_to_do(
    changes: dict[str, Any], label: str, words: str
) -> None:
    assert words in rows(view(**changes))[label]


def test_with_nobody_on_call_there_is_no_other_number() -> None:
    assert "At other hours" in rows(view())
    assert "At other hours" not in rows(view(card=card(on_call_number="")))


def test_a_number_that_nobody_looked_up_is_to_be_asked_again() -> None:
    recalled, read = country_of("US"), country_of("FR")
    assert recalled is not None
    assert read is not None
    assert (recalled.source, read.source) == (Source.RECALLED, Source.EU)
    words = [block.text for block in view(country=recalled).blocks if isinstance(block, Words)]
    assert any("may be out of date" in text for text in words)
    words = [block.text for block in view(country=read).blocks if isinstance(block, Words)]
    assert not any("may be out of date" in text for text in words)


def test_every_number_can_be_dialled_and_every_country_stands_once() -> None:
    assert all(dialled(country.number) == country.number for country in COUNTRIES)
    assert len({country.code for country in COUNTRIES}) == len(COUNTRIES)
    assert sum(country.source is Source.EU for country in COUNTRIES) == 27
    assert "read" in str(emergency_numbers.__doc__)


def test_a_country_is_found_by_how_its_name_begins() -> None:
    assert [country.code for country in named("unit")] == ["GB", "US"]
    assert [country.code for country in named(" FRANCE ")] == ["FR"]
    assert named("") == ()
    assert named("land") == ()
