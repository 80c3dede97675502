"""Enrolment, pairing and set-up: the way from a letter to a band that knows its person."""

from __future__ import annotations

from mobile.language import _
from mobile.presenters.languages import languages
from mobile.presenters.views import Choice, MessageView, Notice, PairView, Tone, WelcomeView

SAME, DIFFERENT = "same", "different"
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


def find_band_view(*, searching: bool = False, problem: str | None = None) -> PairView:
    """Return the screen that asks to hold the band's button."""
    return PairView(
        title=_("Connect the band"),
        step=_step(1),
        body=_(
            "Take the band out of its case. Hold its button for three seconds, until its light "
            "turns, then touch the button below."
        ),
        number=None,
        question=None,
        choices=(),
        note=_("Looking for the band ...") if searching else None,
        button=None if searching else _("Find the band"),
        problem=_problem(_("The band isn't connected"), problem),
        drawing="hold-the-button",
        help_button=_("Emergency"),
    )


def compare_view(number: int) -> PairView:
    """Return the screen with the six digits to compare."""
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
    )


def settle_view(*, press_button: bool, problem: str | None = None) -> PairView:
    """Return the screen while the band is given to its person."""
    body = (
        _("Press the band's button once more: it then belongs to you. There's a minute for it.")
        if press_button
        else _("The band is being made yours: your clinic, the time, your plan.")
    )
    return PairView(
        title=_("Connect the band"),
        step=_step(3),
        body=body,
        number=None,
        question=None,
        choices=(),
        note=None if problem else _("This takes a few seconds ..."),
        button=_("Try again") if problem else None,
        problem=_problem(_("Not finished yet"), problem),
        drawing="the-button" if press_button else "band",
        help_button=_("Emergency"),
    )


def broken_view(sentence: str, *, enrol_anew: bool) -> MessageView:
    """Return the screen for a store that can't be opened."""
    return MessageView(
        title=_("The data on this phone can't be read") if enrol_anew else _("Something is wrong"),
        body=sentence,
        tone=Tone.WAIT,
        button=_("Enrol again") if enrol_anew else _("Try again"),
        button_action="enrol-again" if enrol_anew else "try-again",
    )


def _step(number: int) -> str:
    return _("Step {number} of {count}").format(number=number, count=_STEPS)


def _problem(title: str, sentence: str | None) -> Notice | None:
    return None if sentence is None else Notice(title, sentence, Tone.WAIT)
