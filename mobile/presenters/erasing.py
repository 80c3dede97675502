"""Erase this phone: what is lost, what isn't, and two deliberate steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mobile.language import _, n_
from mobile.presenters.page import Box, Choices, PageView, Push, Steps, Words
from mobile.presenters.pieces import Choice, Notice, Tone
from mobile.presenters.views import MessageView

UNDERSTOOD = "understood"
MOST_NAMED = 6


@dataclass(frozen=True)
class EraseFacts:
    """What hasn't reached the clinic, each in words with its day."""

    unsent: Sequence[str]
    reachable: bool


def first_page(facts: EraseFacts) -> PageView:
    """Return the first step: what would be lost, unsent things first."""
    return PageView(
        name="erase",
        title=_("Erase this phone"),
        subtitle=_("Step {number} of {count}").format(number=1, count=2),
        blocks=(
            *_unsent(facts),
            Words(_("What goes with it:"), large=True),
            Steps(
                (
                    _("Your plan, answers, notes and messages on this phone."),
                    _("The keys: afterwards nobody can read them, not even we."),
                    _("The connection with your clinic and the band."),
                )
            ),
            Words(
                _(
                    "What has reached the clinic stays there, and the band keeps its own record. "
                    "To go on, you need a new code from your clinic."
                ),
                soft=True,
            ),
        ),
        foot=(
            Push(_("Send it first"), "send-first", strong=True)
            if facts.unsent
            else Push(_("Keep everything"), "back", strong=True),
            Push(_("Go on to step 2"), "step-2"),
            *((Push(_("Keep everything"), "back"),) if facts.unsent else ()),
        ),
        help_button=_("Emergency"),
        place="1",
    )


def second_page(facts: EraseFacts, *, understood: bool) -> PageView:
    """Return the second step: one sentence to agree to, then the button."""
    return PageView(
        name="erase",
        title=_("Erase this phone"),
        subtitle=_("Step {number} of {count}").format(number=2, count=2),
        blocks=(
            *_unsent(facts),
            Words(_("There's no way back from here."), large=True),
            Choices(
                (Choice(UNDERSTOOD, _("I want everything of Circlet on this phone erased")),),
                frozenset({UNDERSTOOD}) if understood else frozenset(),
                many=True,
            ),
        ),
        foot=(
            Push(_("Keep everything"), "back", strong=True),
            Push(_("Erase it now"), "erase-now", danger=True, enabled=understood),
        ),
        help_button=_("Emergency"),
        place="2",
    )


def erased_view() -> MessageView:
    """Return what stands there when it's done."""
    return MessageView(
        title=_("It's erased"),
        body=_(
            "Nothing of Circlet is left on this phone. The band keeps its own record, and your "
            "clinic what it had. With a new code you can begin anew."
        ),
        tone=Tone.OK,
        button=_("Begin anew"),
        button_action="begin-anew",
    )


def not_erased_view(problem: str) -> MessageView:
    """Return what stands there when something of it couldn't be erased."""
    return MessageView(
        title=_("Not all of it is erased"),
        body=_("{problem} Remove the app in the phone's own settings to be sure.").format(
            problem=problem
        ),
        tone=Tone.WAIT,
        button=_("Begin anew"),
        button_action="begin-anew",
    )


def _unsent(facts: EraseFacts) -> tuple[Box, ...]:
    if not facts.unsent:
        return ()
    named = list(facts.unsent[:MOST_NAMED])
    more = len(facts.unsent) - MOST_NAMED
    if more > 0:
        named.append(n_("and {count} more", "and {count} more", more).format(count=more))
    title = _("Not everything has reached your clinic")
    how = (
        _("Erased now, it would be lost for good.")
        if facts.reachable
        else _("Erased now, it would be lost for good. The clinic can't be reached just now.")
    )
    return (Box(Notice(title, "\n".join([*named, how]), Tone.WAIT)),)
