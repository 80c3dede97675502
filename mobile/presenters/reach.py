"""Whom a person can reach, and when: numbers to touch, opening hours in words, who watches now.

A touch on a number becomes the press `dial:` with the number behind it. Who was called is neither
kept nor sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mobile.language import _, p_
from mobile.presenters.actions import dial
from mobile.presenters.pieces import Call, Notice, Row, Tone
from mobile.presenters.words import Now, day_and_time
from shared.care.card import dialled


@dataclass(frozen=True)
class CrisisCall:
    """A line for the worst hours, by the clinic's choice."""

    name: str
    number: str


@dataclass(frozen=True)
class Reach:
    """The clinic's own numbers and hours. An empty number is none; ``opens_wall_ms`` is None where
    no hours are known. ``watched`` says that the clinic's watch has beaten of late. ``dials`` is
    false once this device has shown that it can't make a call."""

    clinic_name: str
    day_number: str = ""
    on_call_number: str = ""
    emergency_number: str = "112"
    crisis_calls: tuple[CrisisCall, ...] = ()
    open_now: bool = False
    opens_wall_ms: int | None = None
    watched: bool = False
    dials: bool = True


def dial_action(number: str) -> str | None:
    """Return the press that dials a number; None where no telephone takes it."""
    return None if dialled(number) is None else dial(number)


def number_row(label: str, number: str) -> Row:
    """Return a line with a number; it's touched where a telephone takes it."""
    return Row(label, number, dial_action(number))


def called_notice(number: str) -> Notice:
    """Return the word where this device can't dial."""
    return Notice(
        _("Please dial it yourself"),
        _("This device can't make a call. The number is {number}.").format(number=number),
        Tone.WAIT,
    )


def emergency_call(reach: Reach) -> Call:
    """Return the button that calls an ambulance."""
    number = reach.emergency_number
    if not reach.dials or dialled(number) is None:
        return _read_off(_("an ambulance"), number, urgent=True)
    text = p_("button that dials", "Call {number}").format(number=_whole(number))
    return Call(text, number, dial(number), urgent=True)


def clinic_calls(reach: Reach) -> tuple[Call, ...]:
    """Return the buttons that reach the clinic, whoever answers now first."""
    calls = []
    if reach.day_number:
        calls.append(call_of(reach, reach.clinic_name or _("Your clinic"), reach.day_number))
    if reach.on_call_number:
        calls.append(call_of(reach, _("who is on call"), reach.on_call_number))
    if not reach.open_now:
        calls.reverse()
    if not calls:
        calls.append(Call(reach.clinic_name or _("Your clinic"), note=_("See your letter")))
    return tuple(calls)


def your_clinic_call(reach: Reach) -> Call:
    """Return the button that reaches whoever answers now; it says whose number it is."""
    call = clinic_calls(reach)[0]
    if call.action is None or call.number != reach.day_number:
        return call
    return replace(call, text=f"{_('Call your clinic')}\n{_whole(call.number)}")


def crisis_calls(reach: Reach) -> tuple[Call, ...]:
    """Return the buttons for the worst hours."""
    return tuple(call_of(reach, call.name, call.number) for call in reach.crisis_calls)


def call_of(reach: Reach, name: str, number: str) -> Call:
    """Return the button that calls somebody; where nothing dials it, the number to read off."""
    if not reach.dials or dialled(number) is None:
        return _read_off(name, number)
    return Call(call_words(name, number), number, dial(number))


def read_off(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Return the same numbers for a device that can't make a call."""
    return tuple(
        call
        if call.action is None
        else _read_off(call.text.partition("\n")[0], call.number, urgent=call.urgent)
        for call in calls
    )


def call_words(name: str, number: str) -> str:
    """Return what stands on a button that dials."""
    return p_("button that dials", "Call {name}\n{number}").format(name=name, number=_whole(number))


def _read_off(name: str, number: str, *, urgent: bool = False) -> Call:
    if dialled(number) is None:
        return Call(name[:1].upper() + name[1:], note=number, urgent=urgent)
    note = _("Dial it on another telephone.")
    return Call(name[:1].upper() + name[1:], _whole(number), urgent=urgent, note=note)


def _whole(number: str) -> str:
    """A number isn't broken over two lines."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")


def opening_sentence(reach: Reach, now: Now) -> str:
    """Return when its telephone is answered: ``Your clinic opens Monday 08:00.``; empty if unknown.

    It speaks of opening hours, never of whether this phone reaches the clinic's server.
    """
    if reach.open_now:
        return _("Your clinic is open now and answers the telephone.")
    if reach.opens_wall_ms is None:
        return ""
    return _("Your clinic opens {when}.").format(when=day_and_time(now, reach.opens_wall_ms))


def reading_sentence(reach: Reach, now: Now) -> str:
    """Return from when somebody reads what is sent, and that a call is for help at once."""
    if reach.open_now:
        return _("Your clinic is open now. Call if you need help now.")
    if reach.opens_wall_ms is None:
        return _("Call if you need help now.")
    return _("Somebody reads it from {when}. Call if you need help now.").format(
        when=day_and_time(now, reach.opens_wall_ms)
    )


def watch_sentence(reach: Reach) -> str:
    """Return whether somebody looks at what arrives, and nothing more than is known."""
    if reach.watched and (reach.on_call_number or reach.open_now):
        return ""
    return _("Nobody is watching now. Call if you need somebody.")
