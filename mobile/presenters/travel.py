"""Before leaving: the charge, how long sessions go on without the clinic, whom to call there.

Spacing is counted by the band in hours, so that a flight moves the hour on the clock and nothing
else.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _
from mobile.presenters.emergency_numbers import Country, Source
from mobile.presenters.page import Block, Box, Choices, Field, Heading, PageView, Push, Rows, Words
from mobile.presenters.pieces import Choice, Notice, Row, Tone
from mobile.presenters.words import Now, day_and_time
from shared.care.card import ClinicCard, dialled

CHARGE_ENOUGH_PERCENT = 80
"""Below that it's to be charged before a journey (own figure; a session needs 30, SAFETY R31)."""
COUNTRIES = "countries"


@dataclass(frozen=True)
class TravelFacts:
    """``sessions_until_ms`` is when the clinic's word on the band ends; None where nobody knows."""

    now: Now
    card: ClinicCard
    battery_percent: int | None
    battery_seen_ms: int | None
    sessions_until_ms: int | None
    next_session_ms: int | None
    typed: str = ""
    found: tuple[Country, ...] = ()
    country: Country | None = None
    looked: bool = False


def travel_page(facts: TravelFacts) -> PageView:
    """Return the page to look at before leaving."""
    return PageView(
        name="travel",
        title=_("Travel"),
        subtitle=_("Before you leave"),
        blocks=(
            Rows(
                (
                    Row(_("The band's charge"), _charge(facts)),
                    Row(_("Sessions without a network"), _without_network(facts)),
                    Row(_("Your next session"), _next(facts)),
                )
            ),
            Words(
                _(
                    "The band counts hours, not days. In another time zone the next session comes "
                    "after the same number of hours, at another time of the clock there; this "
                    "phone shows it in the time of where you are."
                ),
                soft=True,
            ),
            Heading(_("If you need an ambulance there")),
            *_there(facts),
            Heading(_("Your clinic from there")),
            _clinic(facts.card),
            Words(
                _(
                    "Take the band, its charger and your clinic's letter as hand luggage. The "
                    "emergency card tells others what the band is."
                ),
                soft=True,
            ),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
        place=facts.country.code if facts.country else "",
    )


def _charge(facts: TravelFacts) -> str:
    if facts.battery_percent is None or facts.battery_seen_ms is None:
        return _("Not known: bring the band near this phone")
    seen = day_and_time(facts.now, facts.battery_seen_ms)
    if facts.battery_percent >= CHARGE_ENOUGH_PERCENT:
        return _("{percent} %, enough to leave (seen {when})").format(
            percent=facts.battery_percent, when=seen
        )
    return _("{percent} %: charge it before you leave (seen {when})").format(
        percent=facts.battery_percent, when=seen
    )


def _without_network(facts: TravelFacts) -> str:
    if facts.sessions_until_ms is None:
        return _("Not known yet: open the app once with the band near")
    when = day_and_time(facts.now, facts.sessions_until_ms)
    if facts.sessions_until_ms <= facts.now.wall_ms:
        return _("Ended {when}: find a network before you leave").format(when=when)
    return _("Go on until {when}. With a network it renews itself.").format(when=when)


def _next(facts: TravelFacts) -> str:
    if facts.next_session_ms is None or facts.next_session_ms <= facts.now.wall_ms:
        return _("As today's page says")
    return _("From {when} on, in this time zone").format(
        when=day_and_time(facts.now, facts.next_session_ms)
    )


def _there(facts: TravelFacts) -> list[Block]:
    blocks: list[Block] = [
        Field("country", _("Which country?"), facts.typed, limit=40),
        Push(_("Find the number"), "find"),
    ]
    if len(facts.found) > 1 and facts.country is None:
        choices = tuple(Choice(each.code, each.shown_name) for each in facts.found)
        blocks.append(Choices(choices, frozenset(), COUNTRIES))
    elif facts.country is not None:
        blocks += _number(facts.country)
    elif facts.looked:
        blocks.append(
            Box(
                Notice(
                    _("Not in this list"),
                    _(
                        "Ask your clinic or your hotel for the number. From a mobile phone, 112 or "
                        "911 leads to help in most countries."
                    ),
                    Tone.WAIT,
                )
            )
        )
    return blocks


def _number(country: Country) -> list[Block]:
    row = Row(
        _("Ambulance in {country}").format(country=country.shown_name),
        country.number,
        f"dial:{country.number}",
    )
    blocks: list[Block] = [Rows((row,))]
    if country.source is Source.RECALLED:
        blocks.append(
            Words(
                _("Please ask once more when you're there: this list may be out of date."),
                soft=True,
                small=True,
            )
        )
    return blocks


def _clinic(card: ClinicCard) -> Rows:
    rows = [_dial(_("By day, by its own clock"), card.day_number)]
    if card.on_call_number:
        rows.append(_dial(_("At other hours"), card.on_call_number))
    return Rows(tuple(rows))


def _dial(label: str, number: str) -> Row:
    return Row(label, number, f"dial:{number}" if dialled(number) else None)
