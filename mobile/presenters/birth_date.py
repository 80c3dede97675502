"""A birth date as people write it: by numbers in either order, or with the month's name."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from mobile.language import _
from mobile.presenters.words import month

OLDEST_YEARS = 120
_NUMBER, _NAME = re.compile(r"\d+"), re.compile(r"[^\W\d_]{3,}")
_YEAR_DIGITS = 4


@dataclass(frozen=True)
class BirthDate:
    """The date, or what is wrong with what was typed: one of them is None."""

    date: date | None
    problem: str | None = None


def read_birth_date(typed: str, *, today: date) -> BirthDate:
    """Return the date; ``1980-02-29``, ``29.2.1980``, ``29/2/1980`` and ``29 February 1980``."""
    parts = _parts(typed)
    if parts is None:
        return _wrong(
            _(
                "Write the birth date as year, month, day: 1980-02-29. Or as day, month, year: "
                "29.2.1980."
            )
        )
    year, its_month, day = parts
    if len(str(year)) != _YEAR_DIGITS:
        return _wrong(_("Please write the year with four digits, as 1980."))
    if not 1 <= its_month <= 12:
        return _wrong(_("There's no month {number}. The months go to 12.").format(number=its_month))
    if not 1 <= day <= calendar.monthrange(year, its_month)[1]:
        return _wrong(
            _("There's no {day} {month} in {year}.").format(
                day=day, month=month(its_month), year=str(year)
            )
        )
    born = date(year, its_month, day)
    if born > today or today.year - year > OLDEST_YEARS:
        return _wrong(_("Please look at the year again: {year}.").format(year=str(year)))
    return BirthDate(born)


def _parts(typed: str) -> tuple[int, int, int] | None:
    """Return year, month, day; four digits in front are the year, else the day comes first."""
    numbers = [int(each) for each in _NUMBER.findall(typed)]
    named = _named_month(typed)
    if named is not None and len(numbers) == 2:
        first, second = numbers
        year, day = (first, second) if len(str(first)) == _YEAR_DIGITS else (second, first)
        return year, named, day
    if len(numbers) == 1 and len(str(numbers[0])) == 8 and named is None:
        whole = str(numbers[0])
        return int(whole[:4]), int(whole[4:6]), int(whole[6:])
    if len(numbers) != 3 or named is not None:
        return None
    if len(str(numbers[0])) == _YEAR_DIGITS:
        return numbers[0], numbers[1], numbers[2]
    return numbers[2], numbers[1], numbers[0]


def _named_month(typed: str) -> int | None:
    """A month's name in the language spoken, or its first three letters; English too."""
    for word in _NAME.findall(typed.casefold()):
        for number in range(1, 13):
            names = (month(number).casefold(), calendar.month_name[number].casefold())
            if any(name.startswith(word[:3]) and name.startswith(word) for name in names):
                return number
    return None


def _wrong(problem: str) -> BirthDate:
    return BirthDate(None, problem)
