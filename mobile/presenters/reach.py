"""Whom a person can reach, and when: numbers to touch, opening hours in words, who watches now.

A touch on a number becomes the press `dial:` with the number behind it. Who was called is neither
kept nor sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _
from mobile.presenters.pieces import Notice, Row, Tone
from mobile.presenters.words import Now, day_and_time
from shared.care.card import dialled

DIAL = "dial:"


@dataclass(frozen=True)
class CrisisCall:
    """A line for the worst hours, by the clinic's choice."""

    name: str
    number: str


@dataclass(frozen=True)
class Reach:
    """The clinic's own numbers and hours. An empty number is none; ``opens_wall_ms`` is None where
    no hours are known. ``watched`` says that the clinic's watch has beaten of late."""

    clinic_name: str
    day_number: str = ""
    on_call_number: str = ""
    emergency_number: str = "112"
    crisis_calls: tuple[CrisisCall, ...] = ()
    open_now: bool = False
    opens_wall_ms: int | None = None
    watched: bool = False


def dial(number: str) -> str:
    """Return the press that dials a number."""
    return f"{DIAL}{number}"


def dialled_by(button: str) -> str | None:
    """Return the number that a press dials; None for any other press."""
    return button.removeprefix(DIAL) if button.startswith(DIAL) else None


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


def emergency_row(reach: Reach) -> Row:
    """Return the line that calls an ambulance."""
    return number_row(_("Emergency"), reach.emergency_number)


def clinic_rows(reach: Reach) -> tuple[Row, ...]:
    """Return the lines that reach the clinic, whoever answers now first."""
    rows = []
    if reach.day_number:
        rows.append(number_row(reach.clinic_name or _("Your clinic"), reach.day_number))
    if reach.on_call_number:
        rows.append(number_row(_("On call"), reach.on_call_number))
    if not reach.open_now:
        rows.reverse()
    if not rows:
        rows.append(Row(reach.clinic_name or _("Your clinic"), _("See your letter")))
    return tuple(rows)


def crisis_rows(reach: Reach) -> tuple[Row, ...]:
    """Return the lines for the worst hours."""
    return tuple(number_row(call.name, call.number) for call in reach.crisis_calls)


def opening_sentence(reach: Reach, now: Now) -> str:
    """Return when the clinic is there: ``Your clinic opens Monday 08:00.``; empty if unknown."""
    if reach.open_now:
        return _("Your clinic is there now.")
    if reach.opens_wall_ms is None:
        return ""
    return _("Your clinic opens {when}.").format(when=day_and_time(now, reach.opens_wall_ms))


def watch_sentence(reach: Reach) -> str:
    """Return whether somebody looks at what arrives, and nothing more than is known."""
    if reach.watched and (reach.on_call_number or reach.open_now):
        return ""
    return _("Nobody is watching now. Call if you need somebody.")
