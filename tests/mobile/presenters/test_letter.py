"""What is typed from the clinic's letter: forgiven where it's clear, told where it isn't."""

from __future__ import annotations

from datetime import date

import pytest

from cloud.phones.codes import new_code, read_code
from mobile.language import use
from mobile.presenters.birth_date import read_birth_date
from mobile.presenters.letter_code import read_letter_code

CODE = "demo-clinic-A0B1-CC22-ZY9X"
TODAY = date(2026, 11, 28)
BORN = date(1980, 2, 29)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        "demo-clinic-a0b1-cc22-zy9x",
        "  demo-clinic - A0B1 - CC22 - ZY9X ",
        "DEMO-CLINIC-A0B1-CC22-ZY9X",
        "demo-clinic-AOBI-CC22-ZY9X",
        "demo-clinic-aobl-cc22-zy9x",
        "demo-clinic\u2013A0B1\u2014CC22\u2212ZY9X",
        "demo-clinic-A0B1CC22ZY9X",
        "demo-clinic_A0B1_CC22.ZY9X",
    ],
)
def test_a_hand_that_types_otherwise_is_forgiven(typed: str) -> None:
    assert read_letter_code(typed).code == CODE


@pytest.mark.parametrize("clinic", ["demo", "demo-clinic", "Klinik-7"])
def test_every_code_of_the_cloud_is_read_as_it_is(clinic: str) -> None:
    code = new_code(clinic)
    read = read_letter_code(code)
    assert read.code == code
    assert read_code(str(read.code)) == read_code(code)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the code"),
        ("   ", "Type the code"),
        ("A0B1-CC22-ZY9X", "beginning is missing"),
        ("demo-A0B1-CC22-ZY9", "1 sign is missing"),
        ("demo-A0B1-CC22-ZY9XQQ", "2 signs are too much"),
        ("demo-A0B1-CC22-ZY9U", "no U"),
        ("demo-A0B1-CC22-ZY9?", "no ?"),
    ],
)
def test_what_is_wrong_with_a_code_is_said(typed: str, words: str) -> None:
    read = read_letter_code(typed)
    assert read.code is None
    assert words in str(read.problem)


@pytest.mark.parametrize(
    "typed",
    [
        "1980-02-29",
        "1980 2 29",
        "29.2.1980",
        "29/02/1980",
        "29. 2. 1980",
        "19800229",
        "29 February 1980",
        "29 feb 1980",
        "February 29, 1980",
        "1980 February 29",
    ],
)
def test_a_birth_date_is_read_as_people_write_it(typed: str) -> None:
    assert read_birth_date(typed, today=TODAY).date == BORN


def test_a_month_by_its_german_name() -> None:
    use("de")
    try:
        assert read_birth_date("29. Februar 1980", today=TODAY).date == BORN
    finally:
        use("en")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "year, month, day"),
        ("yesterday", "year, month, day"),
        ("29.2.80", "four digits"),
        ("31.4.1980", "no 31 April in 1980"),
        ("29.2.1981", "no 29 February in 1981"),
        ("1980-13-01", "no month 13"),
        ("1.1.1850", "look at the year again: 1850"),
        ("1.1.2030", "look at the year again: 2030"),
    ],
)
def test_what_is_wrong_with_a_date_is_said(typed: str, words: str) -> None:
    read = read_birth_date(typed, today=TODAY)
    assert read.date is None
    assert words in str(read.problem)
