"""Nothing of the app is left unsaid: German whole, Arabic on the main path."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from mobile.language import use
from scripts.words import CODES, read, template, untranslated
from tests.mobile.language.bracketed import words_of
from tests.mobile.language.main_path import BEGIN, END, speak_with_marks, untranslated_in
from tests.mobile.screens.spoken import SPOKEN

SAY_THE_MAIN_PATH = {
    "firmware_bridge/link/errors.py",
    "firmware_bridge/link/pairing.py",
    "mobile/engine/arrival.py",
    "mobile/engine/driving.py",
    "mobile/engine/link_words.py",
    "mobile/engine/places/tasks.py",
    "mobile/engine/recognising.py",
    "mobile/engine/showing.py",
    "mobile/engine/surfaces.py",
    "mobile/engine/treating.py",
    "mobile/kit/heard.py",
    "mobile/lessons/feeling.py",
    "mobile/lessons/not_doing.py",
    "mobile/lessons/putting_on.py",
    "mobile/lessons/stopping.py",
    "mobile/lessons/the_button.py",
    "mobile/lessons/what_tms_does.py",
    "mobile/lessons/when_to_call.py",
    "mobile/platform/errors.py",
    "mobile/presenters/after.py",
    "mobile/presenters/app_lock.py",
    "mobile/presenters/bar.py",
    "mobile/presenters/birth_date.py",
    "mobile/presenters/checkin.py",
    "mobile/presenters/checkins.py",
    "mobile/presenters/clinic_words.py",
    "mobile/presenters/consent_sections.py",
    "mobile/presenters/consents.py",
    "mobile/presenters/emergency_card.py",
    "mobile/presenters/entries.py",
    "mobile/presenters/help.py",
    "mobile/presenters/holds.py",
    "mobile/presenters/lapse.py",
    "mobile/presenters/lessons.py",
    "mobile/presenters/letter_code.py",
    "mobile/presenters/link_states.py",
    "mobile/presenters/lock.py",
    "mobile/presenters/practice.py",
    "mobile/presenters/reach.py",
    "mobile/presenters/red_flag.py",
    "mobile/presenters/refusals.py",
    "mobile/presenters/reminder_settings.py",
    "mobile/presenters/rhythm.py",
    "mobile/presenters/safety_plan.py",
    "mobile/presenters/screening.py",
    "mobile/presenters/session.py",
    "mobile/presenters/settings.py",
    "mobile/presenters/sites.py",
    "mobile/presenters/spoken.py",
    "mobile/presenters/today.py",
    "mobile/presenters/welcome.py",
    "mobile/presenters/words.py",
    "mobile/store/errors.py",
    "mobile/sync/errors.py",
    "shared/dose/reasons.py",
    "shared/instruments/forms/gad-7.json",
    "shared/instruments/forms/phq-9.json",
    "shared/instruments/forms/sleep-mood.json",
    "shared/instruments/screening.json",
    "shared/instruments/side_effects.json",
}
"""What says the words of the main path, those too that no sample shows: of faults, say."""


@pytest.fixture
def english_again() -> Iterator[None]:
    yield
    use("en")


@pytest.mark.parametrize("code", CODES)
def test_catalogue_has_the_texts_of_the_code(code: str) -> None:
    said = {(each.context, each.id) for each in template() if each.id}
    held = {(each.context, each.id) for each in read(code) if each.id}
    assert held == said, "run `make words`"


def test_german_is_whole() -> None:
    assert [each.id for each in untranslated(read("de"))] == []


def test_arabic_has_what_says_the_main_path() -> None:
    missing = [
        each.id
        for each in untranslated(read("ar"))
        if SAY_THE_MAIN_PATH & {name for name, _ in each.locations}
    ]
    assert missing == []
    assert {name for each in read("ar") for name, _ in each.locations} >= SAY_THE_MAIN_PATH


def test_no_screen_of_the_main_path_says_an_untranslated_word_in_arabic() -> None:
    """In a process of its own: samples are made at import, in the language spoken then."""
    asked = [sys.executable, "-m", "tests.mobile.language.main_path", "ar"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


def test_one_lost_translation_is_found_on_its_screen(english_again: None) -> None:
    speak_with_marks("ar", without="Welcome")
    said = words_of(SPOKEN["welcome"]())
    assert list(untranslated_in(said)) == [f"{BEGIN}Welcome{END}"]
