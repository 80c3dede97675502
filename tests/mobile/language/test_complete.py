"""Nothing of the app is left unsaid: German whole, Arabic on the main path."""

from __future__ import annotations

import pytest

from scripts.words import CODES, read, template, untranslated

MAIN_PATH = {
    "firmware_bridge/link/errors.py",
    "firmware_bridge/link/pairing.py",
    "mobile/engine/arrival.py",
    "mobile/engine/link_words.py",
    "mobile/engine/showing.py",
    "mobile/engine/surfaces.py",
    "mobile/engine/treating.py",
    "mobile/presenters/after.py",
    "mobile/presenters/bar.py",
    "mobile/presenters/clinic_words.py",
    "mobile/presenters/help.py",
    "mobile/presenters/lock.py",
    "mobile/presenters/reach.py",
    "mobile/presenters/red_flag.py",
    "mobile/presenters/rhythm.py",
    "mobile/presenters/safety_plan.py",
    "mobile/presenters/screening.py",
    "mobile/presenters/session.py",
    "mobile/presenters/today.py",
    "mobile/presenters/welcome.py",
    "mobile/presenters/words.py",
    "shared/dose/reasons.py",
    "shared/instruments/forms/phq-9.json",
    "shared/instruments/screening.json",
    "shared/instruments/side_effects.json",
}
"""What says the words of welcome, pairing, the day, screening, session, afterwards and help."""


@pytest.mark.parametrize("code", CODES)
def test_catalogue_has_the_texts_of_the_code(code: str) -> None:
    said = {(each.context, each.id) for each in template() if each.id}
    held = {(each.context, each.id) for each in read(code) if each.id}
    assert held == said, "run `make words`"


def test_german_is_whole() -> None:
    assert [each.id for each in untranslated(read("de"))] == []


def test_arabic_has_the_main_path() -> None:
    missing = [
        each.id
        for each in untranslated(read("ar"))
        if MAIN_PATH & {name for name, _ in each.locations}
    ]
    assert missing == []
    assert {name for each in read("ar") for name, _ in each.locations} >= MAIN_PATH
