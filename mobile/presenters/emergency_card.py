"""The emergency card: for whoever helps, in the order in which it's needed.

The letter that the clinic prints says the same, in short, to be cut out.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _
from mobile.presenters.page import Box, Heading, PageView, Push, Rows, Steps, Words
from mobile.presenters.pieces import Notice, Row, Tone
from mobile.presenters.reach import dial_action, number_row


@dataclass(frozen=True)
class CardFacts:
    """Whom to call. An empty ``on_call_number`` says that nobody is on call."""

    initials: str
    clinic_name: str
    day_number: str
    on_call_number: str
    emergency_number: str
    caregiver_name: str = ""
    caregiver_number: str = ""
    last_session_words: str = ""


def card_page(facts: CardFacts, *, from_lock: bool) -> PageView:
    """Return the card; opened over a locked app it leads back to the lock and nowhere else."""
    return PageView(
        name="emergency-card",
        title=_("Emergency card"),
        subtitle=facts.initials,
        blocks=(
            Box(
                Notice(
                    _("Emergency: {number}").format(number=facts.emergency_number),
                    _("Touch here to call. Take the band off first: its button ends everything."),
                    Tone.STOP,
                ),
                dial_action(facts.emergency_number),
            ),
            Heading(_("What this is")),
            Words(
                _(
                    "The band on the head is a magnetic stimulator (TMS) for treatment at home. It "
                    "gives short magnetic pulses, and nothing else. It sits outside "
                    "the head: it is no implant."
                )
            ),
            Heading(_("Tell the ambulance")),
            Steps(_for_the_ambulance(facts)),
            Rows(_people(facts)),
        ),
        foot=(Push(_("Back to the lock") if from_lock else _("Back"), "back"),),
        place="card",
    )


def _for_the_ambulance(facts: CardFacts) -> tuple[str, ...]:
    last = facts.last_session_words or _("The band keeps when the last session was.")
    return (
        _("Treated with repetitive transcranial magnetic stimulation (rTMS) at home."),
        last,
        _("A seizure is a known, rare side effect. Treat it as any other first seizure."),
        _("Please keep the band: it holds the record of every pulse, for the clinic."),
    )


def _people(facts: CardFacts) -> tuple[Row, ...]:
    rows = [number_row(facts.clinic_name, facts.day_number)]
    if facts.on_call_number:
        rows.append(number_row(_("On call, day and night"), facts.on_call_number))
    if facts.caregiver_number:
        name = facts.caregiver_name or _("Somebody close")
        rows.append(number_row(name, facts.caregiver_number))
    return tuple(rows)
