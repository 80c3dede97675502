"""Erase this phone: what is lost, what isn't, and two deliberate steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mobile.language import _, n_
from mobile.presenters.page import Box, Choices, PageView, Push, Steps, Words
from mobile.presenters.pieces import Call, Choice, Notice, Tone
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
            *_send_first(facts),
            Push(_("Go on to step 2"), "step-2"),
            Push(_("Keep everything"), "back", strong=not (facts.unsent and facts.reachable)),
        ),
        help_button=_("Emergency"),
        place="1",
    )


def _send_first(facts: EraseFacts) -> tuple[Push, ...]:
    """Sending is the strong one, and only while it can be done."""
    if not facts.unsent:
        return ()
    why_not = "" if facts.reachable else _("No connection to the clinic's server just now")
    first = _("Send everything first")
    return (Push(first, "send-first", strong=facts.reachable, why_not=why_not),)


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
            Push(
                _("Erase it now"),
                "erase-now",
                danger=True,
                why_not="" if understood else _("First tick the box above"),
            ),
            Push(_("Keep everything"), "back", strong=True),
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


def not_erased_view(calls: tuple[Call, ...] = ()) -> MessageView:
    """Return what stands there when something of it couldn't be erased; ``calls`` can help."""
    return MessageView(
        title=_("Not all of it is erased"),
        body=_(
            "The phone held on to a part of it. Try again; if it stays so, remove Circlet in the "
            "phone's own settings."
        ),
        tone=Tone.WAIT,
        button=_("Try again"),
        button_action="try-again",
        calls=calls,
        help_button=_("Emergency"),
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
        else _(
            "Erased now, it would be lost for good. It can't be sent just now: this phone has no "
            "connection to the clinic's server."
        )
    )
    return (Box(Notice(title, "\n".join([*named, how]), Tone.WAIT)),)
