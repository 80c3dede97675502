"""The pages' catalogues: German whole, compiled as written, each translation fit for its text."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from babel.messages.catalog import Message

from scripts.words import compiled, forms, untranslated
from scripts.words import read as read_from
from scripts.words_of_pages import CODES, compiled_of, source_of, template

FILLED = re.compile(r"%\((\w+)\)s|%(?!%)|%%")
TAGS = re.compile(r"</?[a-z]+[^>]*>")


def read(code: str) -> list[Message]:
    return [each for each in read_from(code, source_of(code)) if each.id]


def placeholders(text: str, said: Message) -> set[str]:
    """Names of what is filled in, by the rules of where the text stands."""
    if any(name.endswith(".html") for name, _ in said.locations):
        return {match[1] or match[0] for match in FILLED.finditer(text)}
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def broken(said: Message) -> bool:
    """Whether a form of a translation lacks what its text has filled in or marked."""
    wanted = forms(said.id)[-1]
    for number, form in enumerate(forms(said.string)):
        # One may be said in a word of its own.
        less = number == 0 and len(forms(said.id)) == 2
        asked, given = placeholders(wanted, said), placeholders(form, said)
        if given != asked and not (less and given <= asked):
            return True
        if sorted(TAGS.findall(form)) != sorted(TAGS.findall(wanted)):
            return True
    return False


@pytest.mark.parametrize("code", CODES)
def test_catalogue_has_the_texts_of_the_pages(code: str) -> None:
    said = {(each.context, each.id) for each in template() if each.id}
    assert {(each.context, each.id) for each in read(code)} == said, "run `make words`"


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_untranslated_or_a_guess(code: str) -> None:
    catalogue = read_from(code, source_of(code))
    assert [each.id for each in untranslated(catalogue)] == []
    assert [each.id for each in read(code) if each.fuzzy] == []


@pytest.mark.parametrize("code", CODES)
def test_compiled_catalogue_is_made_of_its_source(code: str) -> None:
    made = compiled(read_from(code, source_of(code)))
    assert compiled_of(code).read_bytes() == made, "run `make words`"


@pytest.mark.parametrize("code", CODES)
def test_what_is_filled_in_and_marked_is_that_of_the_english(code: str) -> None:
    assert [each.id for each in read(code) if broken(each)] == []


@pytest.mark.parametrize(
    ("english", "german", "place"),
    [
        ("{count} h ago", "vor {zahl} Std.", "cloud/times.py"),
        ("{count} h ago", "vor einer Weile", "cloud/times.py"),
        ("Held by %(name)s", "Gesperrt", "cloud/web/templates/hold.html"),
        ("100 %% of it", "100 % davon", "cloud/web/templates/hold.html"),
        ("<strong>Now</strong>", "Jetzt", "cloud/web/templates/hold.html"),
    ],
)
def test_a_broken_translation_is_found(english: str, german: str, place: str) -> None:
    assert broken(Message(english, german, locations=[(place, 1)]))
    assert not broken(Message(english, english, locations=[(place, 1)]))


@pytest.mark.parametrize("code", CODES)
def test_a_translation_ends_as_its_text_does(code: str) -> None:
    wrong = [
        each.id
        for each in read(code)
        for form in forms(each.string)
        if forms(each.id)[-1][-1] in ".?:!" and form[-1] != forms(each.id)[-1][-1]
    ]
    assert wrong == []


def test_german_addresses_a_person_formally() -> None:
    familiar = re.compile(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(e[rnms]?)?)\b")
    said = [form for each in read("de") for form in forms(each.string)]
    assert [each for each in said if familiar.search(each)] == []


def test_german_has_one_word_for_one_thing() -> None:
    """The band is the "Kopfband", as in the app; a hold is a "Sperre", a session a "Sitzung"."""
    other = re.compile(r"\b(Band|Bands|Bandes|Stirnband|Session|Sessions|Pulse)\b")
    said = [form for each in read("de") for form in forms(each.string)]
    assert [each for each in said if other.search(each)] == []
