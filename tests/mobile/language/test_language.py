"""Speaking a language: its words, its figures, its direction, and English where it has no words."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog

from mobile.language import ARABIC, GERMAN, _, current, figures, n_, p_, told, use, use_words
from mobile.presenters.calendar_words import several
from mobile.presenters.words import (
    Now,
    day_and_time,
    distance,
    first_capital,
    minutes,
    month,
    weekday,
)
from scripts.words import compiled


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use("en")


def words(code: str) -> NullTranslations:
    """A catalogue of a few words."""
    catalogue = Catalog(locale=code)
    if code == "de":
        catalogue.add("Stop", "Stopp")
        catalogue.add(("one pulse", "{count} pulses"), ("ein Impuls", "{count} Impulse"))
        catalogue.add("May", "Mai", context="month")
    else:
        forms = ("لا نبضات", "نبضة", "نبضتان", "{count} نبضات", "{count} نبضة", "{count} نبضة")
        catalogue.add(("one pulse", "{count} pulses"), forms)
        catalogue.add("Call {number}", "اتصل {number}")
    return GNUTranslations(BytesIO(compiled(catalogue)))


def test_english_is_what_stands_in_the_code() -> None:
    assert use("en").name == "English"
    assert _("Stop") == "Stop"
    assert n_("one pulse", "{count} pulses", 3).format(count=3) == "3 pulses"
    assert p_("month", "May") == "May"


def test_a_catalogue_has_the_words_and_english_those_that_it_lacks() -> None:
    use_words(GERMAN, words("de"))
    assert [_("Stop"), told("Stop"), p_("month", "May")] == ["Stopp", "Stopp", "Mai"]
    assert _("Go on") == "Go on"
    assert told("") == ""


def test_numbers_take_the_form_that_the_language_has_for_them() -> None:
    use_words(GERMAN, words("de"))
    assert n_("one pulse", "{count} pulses", 1).format(count=1) == "ein Impuls"
    use_words(ARABIC, words("ar"))
    said = [n_("one pulse", "{count} pulses", count).format(count=count) for count in (2, 3, 11)]
    assert said == ["نبضتان", "٣ نبضات", "١١ نبضة"]


def test_numbers_are_written_in_the_language_and_what_is_no_number_stays() -> None:
    use_words(ARABIC, words("ar"))
    assert _("{count:,} of {share:.1f}").format(count=1234, share=0.5) == "١٬٢٣٤ of ٠٫٥"
    assert _("Call {number}").format(number="+49 30 1234") == "اتصل \u2068+49 30 1234\u2069"
    assert figures("1,234.5", GERMAN) == "1.234,5"


def test_english_for_want_of_words_writes_its_own_figures() -> None:
    use("ar")
    assert n_("{count} nobody says", "{count} say this", 2).format(count=2) == "2 say this"
    assert p_("nowhere", "{count} here").format(count=2) == "2 here"
    assert _("said by {name}").format(name="nobody") == "said by nobody"
    assert p_("a number alone", "{count}").format(count=2) == "٢"


NOW = Now(1_700_000_000_000, UTC)
HOUR_MS = 3_600_000


def test_english_for_want_of_words_is_english_whole() -> None:
    use("ar")
    when = day_and_time(NOW, NOW.wall_ms - 23 * HOUR_MS)
    assert "أمس" in when
    assert _("nobody says {when}").format(when=when) == "nobody says yesterday 23:13"
    assert _("for {length}").format(length=distance(26 * HOUR_MS)) == "for 26 hours"
    assert _("{day}, nobody says").format(day=first_capital(weekday(NOW.here))) == (
        "Tuesday, nobody says"
    )
    days = several([weekday(NOW.here), month(2), minutes(5)])
    assert _("nobody says {days}").format(days=days) == (
        "nobody says Tuesday, February and 5 minutes"
    )
    assert days == "الثلاثاء، فبراير و٥ دقائق"


def test_what_a_person_wrote_stays_as_it_was_written_and_in_one_piece() -> None:
    use("ar")
    assert _("nobody says {name}").format(name="سارة ٢") == "nobody says \u2068سارة ٢\u2069"


def test_what_was_said_in_full_can_be_copied_with_its_english() -> None:
    use("ar")
    when = deepcopy(minutes(5))
    assert _("nobody says {when}").format(when=when) == "nobody says 5 minutes"


def test_a_text_that_lacks_a_form_is_left_to_english() -> None:
    catalogue = Catalog(locale="de")
    catalogue.add(("one pulse", "{count} pulses"), ("ein Impuls", ""))
    use_words(GERMAN, GNUTranslations(BytesIO(compiled(catalogue))))
    assert n_("one pulse", "{count} pulses", 1) == "one pulse"


def test_a_placeholder_without_a_value_is_named() -> None:
    with pytest.raises(KeyError, match="count"):
        _("{count} pulses").format(number=1)


def test_what_was_said_can_be_copied_and_still_writes_its_figures() -> None:
    use_words(ARABIC, words("ar"))
    copied = deepcopy(_("{count} of us"))
    use("en")
    assert copied.format(count=3) == "٣ of us"


def test_languages_say_their_direction_and_an_unknown_one_is_refused() -> None:
    assert [use(code).is_mirrored for code in ("en", "de", "ar")] == [False, False, True]
    assert current() is ARABIC
    with pytest.raises(ValueError, match="ar, de, en, not 'fr'"):
        use("fr")
    assert current() is ARABIC
