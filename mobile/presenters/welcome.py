"""Enrolment, pairing and set-up: the way from a letter to a band that knows its person."""

from __future__ import annotations

from mobile.language import _
from mobile.presenters.languages import languages
from mobile.presenters.views import Call, Choice, MessageView, Notice, PairView, Tone, WelcomeView

SAME, DIFFERENT, CANCEL = "same", "different", "cancel"
_STEPS = 3


def welcome_view(*, busy: bool = False, problem: str | None = None, code: str = "") -> WelcomeView:
    """Return the screen that asks for code and birth date."""
    return WelcomeView(
        title=_("Welcome"),
        body=_("Your clinic gave you a letter with a code. It connects this phone with your plan."),
        code_hint=_("Code from the letter"),
        birth_date_hint=_("Birth date, as 1980-02-29 or 29.2.1980"),
        button=_("Connect with the clinic"),
        busy=_("Asking your clinic ...") if busy else None,
        languages=languages(),
        help_button=_("Emergency"),
        code=code,
        problem=_problem(_("That didn't work yet"), problem),
    )


def find_band_view(
    *, searching: bool = False, problem: str | None = None, seconds_left: int | None = None
) -> PairView:
    """Return the screen that asks to hold the band's button; ``seconds_left`` of the search."""
    body = (
        _("Hold the band's button for three seconds, until its light turns. Stay beside it.")
        if searching
        else _(
            "Take the band out of its case. Hold its button for three seconds, until its light "
            "turns, then touch the button below."
        )
    )
    return PairView(
        title=_("Connect the band"),
        step=_step(1),
        body=body,
        number=None,
        question=None,
        choices=(),
        note=_("Nothing happens? Charge the band for a while, then hold its button once more."),
        button=None if searching else _("Find the band"),
        problem=_problem(_("The band isn't connected"), problem),
        drawing="hold-the-button",
        help_button=_("Emergency"),
        waiting=_("Looking for the band ...") if searching else None,
        seconds_left=seconds_left,
        cancel=Choice(CANCEL, _("Cancel")) if searching else Choice("back", _("Not now")),
    )


def compare_view(number: int, *, seconds_left: int | None = None) -> PairView:
    """Return the screen with the six digits to compare, and how long the band waits."""
    return PairView(
        title=_("Connect the band"),
        step=_step(2),
        body=_("The band shows a number. This phone shows:"),
        number=f"{number // 1000:03d} {number % 1000:03d}",
        question=_("Are the two numbers the same?"),
        choices=(
            Choice(SAME, _("Yes: press the band's button now")),
            Choice(DIFFERENT, _("No, or I see none")),
        ),
        note=_(
            "Your phone may ask in a window of its own. That's right: answer there within half a "
            "minute. If it closes first, nothing is lost: begin again."
        ),
        help_button=_("Emergency"),
        seconds_left=seconds_left,
        cancel=Choice(CANCEL, _("Cancel")),
    )


def settle_view(
    *, press_button: bool, problem: str | None = None, seconds_left: int | None = None
) -> PairView:
    """Return the screen while the band is given to its person; ``seconds_left`` for its button."""
    body = (
        _("Press the band's button once more: it then belongs to you.")
        if press_button
        else _("The band is being made yours: your clinic, the time, your plan.")
    )
    note = (
        _("Nothing happens? Press until you feel a click, and stay near the band.")
        if press_button
        else _("Nothing happens? Keep the band near, and look whether this phone has a network.")
    )
    waits = (
        _("Waiting for the band's button") if press_button else _("This takes a few seconds ...")
    )
    return PairView(
        title=_("Connect the band"),
        step=_step(3),
        body=body,
        number=None,
        question=None,
        choices=(),
        note=note,
        button=_("Try again") if problem else None,
        problem=_problem(_("Not finished yet"), problem),
        drawing="the-button" if press_button else "band",
        help_button=_("Emergency"),
        waiting=None if problem else waits,
        seconds_left=None if problem else seconds_left,
        cancel=Choice(CANCEL, _("Not now") if problem else _("Cancel")),
    )


def broken_view(sentence: str, *, enrol_anew: bool, calls: tuple[Call, ...] = ()) -> MessageView:
    """Return the screen for a store that can't be opened; ``calls`` reach the clinic."""
    return MessageView(
        title=_("The data on this phone can't be read") if enrol_anew else _("Something is wrong"),
        body=sentence,
        tone=Tone.WAIT,
        button=_("Enrol again") if enrol_anew else _("Try again"),
        button_action="enrol-again" if enrol_anew else "try-again",
        calls=calls,
        help_button=_("Emergency"),
    )


def _step(number: int) -> str:
    return _("Step {number} of {count}").format(number=number, count=_STEPS)


def _problem(title: str, sentence: str | None) -> Notice | None:
    return None if sentence is None else Notice(title, sentence, Tone.WAIT)
