"""The safety plan: whom to call, one touch each, and the person's own lines. Needs no network.

Nothing of a call is recorded or sent; the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _
from mobile.presenters.page import Block, Box, Field, Group, Heading, PageView, Push, Words
from mobile.presenters.pieces import Call, Notice, Tone
from mobile.presenters.reach import Reach, call_of, emergency_call
from shared.care.card import ClinicCard, dialled

CHANGE, KEEP, SEND_ANSWERS = "change-plan", "keep-plan", "send-answers"


@dataclass(frozen=True)
class OwnPlan:
    """The person's own lines: what warns, what helps, who helps; empty where nothing is written."""

    signs: str = ""
    helps: str = ""
    people: str = ""
    number: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written yet."""
        return not (self.signs or self.helps or self.people or self.number)


def plan_view(card: ClinicCard, own: OwnPlan, *, unsent: bool, dials: bool = True) -> PageView:
    """Return the plan; ``unsent`` says that answers of a check-in wait to be sent."""
    return PageView(
        name="safety-plan",
        title=_("You don't have to be alone with this"),
        subtitle=_("Your safety plan"),
        blocks=(
            *_calls(card, own, dials=dials),
            Words(_("Thoughts like these can pass. Talk to somebody now, whoever comes first.")),
            Words(_("Who you call is neither kept nor sent. It works without a network, too.")),
            Words(
                _(
                    "If you might hurt yourself now: don't stay alone, and go away from whatever "
                    "you could use."
                )
            ),
            *_lines(_("From your clinic"), card.safety_plan),
            *_own_lines(own),
            Push(_("Write your own lines") if own.is_empty else _("Change your lines"), CHANGE),
            *_unsent(unsent=unsent),
        ),
        foot=(Push(_("Back"), "back"),),
    )


def _calls(card: ClinicCard, own: OwnPlan, *, dials: bool) -> tuple[Call, ...]:
    """An ambulance's number is the second at the latest: it's in sight as the page opens."""
    reach = Reach(card.clinic_name, emergency_number=card.emergency_number, dials=dials)
    calls = [call_of(reach, line.name, line.number) for line in card.crisis_lines]
    if own.number and dialled(own.number):
        calls.append(call_of(reach, own.people or _("your own person"), own.number))
    calls.insert(1, emergency_call(reach))
    if card.on_call_number:
        calls.append(call_of(reach, _("who is on call"), card.on_call_number))
    calls.append(call_of(reach, card.clinic_name, card.day_number))
    return tuple(calls)


def _lines(title: str, lines: tuple[str, ...]) -> tuple[Block, ...]:
    if not lines:
        return ()
    return (Group((Heading(title), *(Words(line) for line in lines))),)


def _own_lines(own: OwnPlan) -> tuple[Block, ...]:
    parts: list[Block] = []
    for title, text in (
        (_("What warns me"), own.signs),
        (_("What helps me"), own.helps),
        (_("Who helps me"), own.people),
    ):
        if text:
            parts += [Words(title, small=True, soft=True), Words(text)]
    return (Group((Heading(_("Your own lines")), *parts)),) if parts else ()


def _unsent(*, unsent: bool) -> tuple[Block, ...]:
    if not unsent:
        return ()
    notice = Notice(
        _("Your answers aren't sent yet"),
        _("Your care team reads them once they are sent, but perhaps not at once. So call first."),
        Tone.WAIT,
    )
    return (Box(notice), Push(_("Send my answers"), SEND_ANSWERS))


def change_view(own: OwnPlan) -> PageView:
    """Return the page on which the person writes their own lines."""
    return PageView(
        name="safety-plan-change",
        title=_("Your own lines"),
        subtitle=_("They stay on this phone"),
        blocks=(
            Words(_("Write them on a better day, for a worse one. Every line may stay empty.")),
            Field("signs", _("What warns me"), own.signs, lines=2, limit=300),
            Field("helps", _("What helps me"), own.helps, lines=2, limit=300),
            Field("people", _("Who helps me"), own.people, limit=80),
            Field("number", _("Their telephone number"), own.number, limit=40),
        ),
        foot=(Push(_("Keep"), KEEP, strong=True), Push(_("Back"), "back")),
        help_button=_("Emergency"),
    )
