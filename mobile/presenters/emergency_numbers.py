"""Numbers that call an ambulance, by country; short on purpose, each with where it's from.

- EU: the European emergency number, Directive (EU) 2018/1972, Article 109; EENA's pages: read.
- BOOK: Wikibooks, First Aid, Appendix F, "Emergency phone numbers": read.
- RECALLED: from memory, not looked up; the page says to ask before leaving.

From a mobile phone 112 and 911 are put through as emergency calls on networks by 3GPP TS 22.101,
section 10.1.1 (recalled).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mobile.language import mark, told


class Source(StrEnum):
    """Where a number is from."""

    EU = "eu"
    BOOK = "book"
    RECALLED = "recalled"


@dataclass(frozen=True)
class Country:
    """A country by its ISO 3166 code, and what to dial there for an ambulance."""

    code: str
    name: str
    number: str
    source: Source

    @property
    def shown_name(self) -> str:
        """Its name in the language spoken."""
        return told(self.name)


_EU = (
    ("AT", mark("Austria")),
    ("BE", mark("Belgium")),
    ("BG", mark("Bulgaria")),
    ("HR", mark("Croatia")),
    ("CY", mark("Cyprus")),
    ("CZ", mark("Czechia")),
    ("DK", mark("Denmark")),
    ("EE", mark("Estonia")),
    ("FI", mark("Finland")),
    ("FR", mark("France")),
    ("DE", mark("Germany")),
    ("GR", mark("Greece")),
    ("HU", mark("Hungary")),
    ("IE", mark("Ireland")),
    ("IT", mark("Italy")),
    ("LV", mark("Latvia")),
    ("LT", mark("Lithuania")),
    ("LU", mark("Luxembourg")),
    ("MT", mark("Malta")),
    ("NL", mark("Netherlands")),
    ("PL", mark("Poland")),
    ("PT", mark("Portugal")),
    ("RO", mark("Romania")),
    ("SK", mark("Slovakia")),
    ("SI", mark("Slovenia")),
    ("ES", mark("Spain")),
    ("SE", mark("Sweden")),
)

COUNTRIES: tuple[Country, ...] = (
    *(Country(code, name, "112", Source.EU) for code, name in _EU),
    Country("AU", mark("Australia"), "000", Source.RECALLED),
    Country("CA", mark("Canada"), "911", Source.RECALLED),
    Country("CH", mark("Switzerland"), "144", Source.RECALLED),
    Country("CN", mark("China"), "120", Source.BOOK),
    Country("EG", mark("Egypt"), "123", Source.BOOK),
    Country("GB", mark("United Kingdom"), "999", Source.RECALLED),
    Country("IL", mark("Israel"), "101", Source.BOOK),
    Country("IN", mark("India"), "112", Source.RECALLED),
    Country("IS", mark("Iceland"), "112", Source.RECALLED),
    Country("JP", mark("Japan"), "119", Source.RECALLED),
    Country("KR", mark("South Korea"), "119", Source.RECALLED),
    Country("MA", mark("Morocco"), "15", Source.BOOK),
    Country("NO", mark("Norway"), "113", Source.RECALLED),
    Country("NZ", mark("New Zealand"), "111", Source.RECALLED),
    Country("TN", mark("Tunisia"), "190", Source.BOOK),
    Country("TR", mark("Turkey"), "112", Source.BOOK),
    Country("US", mark("United States"), "911", Source.RECALLED),
    Country("ZA", mark("South Africa"), "112", Source.BOOK),
)


def named(text: str) -> tuple[Country, ...]:
    """Return the countries whose name begins so, in the language spoken or in English."""
    wanted = text.strip().casefold()
    if not wanted:
        return ()
    found = [
        country
        for country in COUNTRIES
        if country.shown_name.casefold().startswith(wanted)
        or country.name.casefold().startswith(wanted)
    ]
    return tuple(sorted(found, key=lambda country: country.shown_name))


def country_of(code: str) -> Country | None:
    """Return the country of an ISO code."""
    return next((country for country in COUNTRIES if country.code == code), None)
