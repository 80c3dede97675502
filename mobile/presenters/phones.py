"""A second phone, a new one, a lost one: what leads the band, what moves, what is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mobile.language import _, n_
from mobile.presenters.page import Block, Box, Group, Heading, PageView, Push, Steps, Words
from mobile.presenters.pieces import Call, Notice, Tone
from mobile.presenters.reach import Reach, call_of
from mobile.presenters.words import month, weekday
from shared.care.card import ClinicCard


@dataclass(frozen=True)
class PhonesFacts:
    """``leads`` is None until the band has said; ``waiting`` counts what isn't sent yet."""

    card: ClinicCard
    leads: bool | None
    near: bool
    waiting: int
    reachable: bool


@dataclass(frozen=True)
class LostFacts:
    """``missing`` are dates whose answers never came; None while nobody has looked."""

    card: ClinicCard
    is_further: bool
    missing: tuple[str, ...] | None
    waiting: int


def new_phone_page(facts: PhonesFacts) -> PageView:
    """Return the page about a second phone and about moving to a new one."""
    blocks: list[Block] = [_leading(facts)]
    if facts.leads is False and facts.near:
        blocks.append(Push(_("Use the band from this phone"), "lead"))
    blocks += [
        Heading(_("A second phone")),
        Steps(
            (
                _("Ask your clinic for a code for a second phone. It's good for 14 days."),
                _("Install Circlet there, and enter the code and your birth date."),
                _(
                    "The band talks with one phone at a time: switch Bluetooth off on this one, "
                    "then connect the other. From then on the other leads."
                ),
                _("To lead with this phone again, connect it and come to this page."),
            )
        ),
        Words(_("Two phones are possible. A third takes the place of the oldest."), soft=True),
        Heading(_("A new phone in this one's place")),
        _moving(facts),
        Steps(
            (
                _("Keep both phones in hand, and this one on a network."),
                _("Send everything from here, until nothing waits any more."),
                _("Ask your clinic for a code, and enrol the new phone with it."),
                _(
                    "Switch Bluetooth off on this phone, and connect the new one with the band. "
                    "Then erase this one in the settings."
                ),
            )
        ),
        Words(
            _(
                "Your plan, the band's record and your clinic's card come to the new phone by "
                "themselves. What stays only here: your notes, messages and settings. Export what "
                "you want to keep."
            ),
            soft=True,
        ),
    ]
    return PageView(
        name="new-phone",
        title=_("New or second phone"),
        subtitle=facts.card.clinic_name,
        blocks=tuple(blocks),
        foot=(
            Push(
                _("Send everything now"),
                "send-all",
                strong=True,
                why_not="" if facts.waiting else _("Nothing waits to be sent"),
            ),
            Push(_("Back"), "back"),
        ),
        help_button=_("Emergency"),
    )


def lost_phone_page(facts: LostFacts) -> PageView:
    """Return the page for whoever has lost a phone, read on another one."""
    blocks: list[Block] = [_number(facts.card)]
    blocks += [
        Steps(
            (
                _("Call your clinic. It takes the lost phone out of use while you're talking."),
                _("It gives you a code for another phone, by telephone or by letter."),
                _("Enrol that phone with the code and your birth date, and connect the band."),
            )
        ),
        Words(
            _(
                "Without the band in reach the lost phone can't start anything. The band has kept "
                "every session by itself; nothing of that record is lost."
            ),
            soft=True,
        ),
    ]
    foot: tuple[Push, ...] = (Push(_("Back"), "back"),)
    if facts.missing is not None:
        blocks += _missing(facts.missing)
    elif facts.is_further:
        foot = (Push(_("See what never arrived"), "look", strong=True), *foot)
    return PageView(
        name="lost-phone",
        title=_("Lost phone"),
        subtitle=facts.card.clinic_name,
        blocks=tuple(blocks),
        foot=foot,
        help_button=_("Emergency"),
    )


def not_in_a_session() -> Notice:
    """Return the word where the band is in a session."""
    return Notice(
        _("After this session"),
        _("Which phone leads changes only between sessions. Try again when it's over."),
        Tone.WAIT,
    )


def cannot_look_now() -> Notice:
    """Return the word where the clinic can't be asked."""
    return Notice(
        _("Not just now"),
        _("Your clinic can't be reached. Look whether this phone has a network, then try again."),
        Tone.WAIT,
    )


def _leading(facts: PhonesFacts) -> Box:
    if facts.leads is None:
        title, body = (
            _("Which phone leads isn't known yet"),
            _("The band says so, as soon as it's near."),
        )
        return Box(Notice(title, body, Tone.PLAIN))
    if facts.leads:
        return Box(
            Notice(
                _("This phone leads the band"),
                _("Sessions start from here. The band's own button always stops."),
                Tone.OK,
            )
        )
    return Box(
        Notice(
            _("Another phone leads the band"),
            _("Sessions start from there. STOP works from whichever phone is connected."),
            Tone.WAIT,
        )
    )


def _moving(facts: PhonesFacts) -> Box:
    if not facts.waiting:
        return Box(
            Notice(
                _("Nothing waits on this phone"),
                _("Everything that was to go is with your clinic."),
                Tone.OK,
            )
        )
    title = n_("{count} item isn't sent yet", "{count} items aren't sent yet", facts.waiting)
    body = (
        _("Send it before you give this phone away: what isn't sent would be lost with it.")
        if facts.reachable
        else _("Your clinic can't be reached just now. Take this phone to a network first.")
    )
    return Box(Notice(title.format(count=facts.waiting), body, Tone.WAIT))


def _number(card: ClinicCard) -> Call:
    return call_of(Reach(card.clinic_name), card.clinic_name, card.day_number)


def _missing(days: tuple[str, ...]) -> list[Block]:
    if not days:
        return [
            Box(
                Notice(
                    _("Nothing is missing"),
                    _("For every day with a session your answers are with your clinic."),
                    Tone.OK,
                )
            )
        ]
    listed = tuple(Words(_day(each)) for each in days)
    return [
        Heading(_("These days' answers never arrived")),
        Group(listed),
        Words(
            _(
                "What you answered around the sessions of these days, and perhaps notes and "
                "check-ins of theirs, was on the lost phone only. Your clinic is told. If "
                "something was unusual then, please call."
            ),
            soft=True,
        ),
    ]


def _day(iso: str) -> str:
    day = datetime.fromisoformat(iso)
    return _("{weekday} {day} {month}").format(
        weekday=weekday(day), day=day.day, month=month(day.month)
    )
