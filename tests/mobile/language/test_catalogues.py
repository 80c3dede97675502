"""The catalogues: compiled as written, each translation fit for its text."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from fontTools.ttLib import TTFont

from mobile.language import LANGUAGES
from mobile.language.joining import joined
from mobile.language.ordering import END_OF_ISOLATE, ISOLATE
from scripts.words import CODES, compiled, compiled_of, forms, read

TREE = Path(__file__).resolve().parents[3]

FORMS = {"de": 2, "ar": 6}


def placeholders(text: str) -> set[str]:
    """Names of what is filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def translated(code: str) -> list[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Each text with its English and its own forms."""
    return [
        (each, forms(each.id), forms(each.string))
        for each in read(code)
        if each.id and all(forms(each.string))
    ]


@pytest.mark.parametrize("code", CODES)
def test_compiled_catalogue_is_made_of_its_source(code: str) -> None:
    assert compiled_of(code).read_bytes() == compiled(read(code)), "run `make words`"


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_a_guess(code: str) -> None:
    assert [each.id for each in read(code) if each.fuzzy] == []


@pytest.mark.parametrize("code", CODES)
def test_every_number_has_all_the_forms_of_the_language(code: str) -> None:
    wrong = [
        said.id
        for said, english, theirs in translated(code)
        if len(theirs) != (FORMS[code] if len(english) == 2 else 1)
    ]
    assert wrong == []


@pytest.mark.parametrize("code", CODES)
def test_placeholders_are_those_of_the_english(code: str) -> None:
    wrong = []
    for said, english, theirs in translated(code):
        wanted = placeholders(english[-1])
        # Nought, one and two may be said in a word of their own; a larger number is written.
        written = theirs[-1:] if len(theirs) < 6 else theirs[3:]
        if any(placeholders(form) != wanted for form in written) or any(
            not placeholders(form) <= wanted for form in theirs
        ):
            wrong.append(said.id)
    assert wrong == []


@pytest.mark.parametrize("code", CODES)
def test_a_translation_ends_as_its_text_does(code: str) -> None:
    marks = {".": ".", "?": "?؟", ":": ":", "!": "!"}
    wrong = [
        said.id
        for said, english, theirs in translated(code)
        for form in theirs
        if english[-1][-1] in marks and form[-1] not in marks[english[-1][-1]]
    ]
    assert wrong == []


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_every_letter_is_in_the_font_that_draws_it(code: str, style: str) -> None:
    family = {"de": "AtkinsonHyperlegibleNext", "ar": "CircletArabic"}[code]
    font = TTFont(TREE / f"mobile/kit/fonts/{family}-{style}.ttf")
    said = "".join(joined(form) for _, _, theirs in translated(code) for form in theirs)
    drawn = {*said, *LANGUAGES[code].digits} - {"\n", ISOLATE, END_OF_ISOLATE}
    assert {each for each in drawn if ord(each) not in font.getBestCmap()} == set()


def test_arabic_is_in_arabic_letters() -> None:
    """Not in another language's words, put in the wrong catalogue."""
    said = [form for _, _, theirs in translated("ar") for form in theirs]
    bare = (re.sub(r"{[^}]*}", "", form) for form in said)
    latin = [form for form in bare if re.search("[A-Za-z]", form)]
    assert [form for form in latin if not re.search("[\u0621-\u064a]", form)] == []


def test_german_addresses_a_person_formally() -> None:
    familiar = re.compile(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(e[rnms]?)?)\b")
    assert [
        each for _, _, theirs in translated("de") for each in theirs if familiar.search(each)
    ] == []


def test_german_has_one_word_for_one_thing() -> None:
    """The band is the "Kopfband", its button the "Taste", as everywhere else."""
    other = re.compile(r"\b(Knopf|Knopfs|Band|Bands|Bandes|Stirnband)\b")
    said = [form for _, _, theirs in translated("de") for form in theirs]
    assert [form for form in said if other.search(form)] == []
