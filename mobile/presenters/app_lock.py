"""The app lock: the question for the PIN, choosing one, and what to do when it's forgotten.

It hides the app from others. It never stands between a person and STOP, and the emergency card is
always one touch away.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, n_
from mobile.presenters.page import Box, Choices, Drawing, Field, PageView, Push, Words
from mobile.presenters.pieces import Choice, Notice, Tone
from mobile.presenters.reach import Reach, call_of
from mobile.presenters.words import distance

PIN_FIELD, AGAIN_FIELD = "pin", "pin-again"
LEAST_DIGITS, MOST_DIGITS = 4, 12
ON, OFF = "on", "off"
_EASY = ("0123456789", "9876543210")


@dataclass(frozen=True)
class LockFacts:
    """How the question stands: wrong tries so far, and how long the next one has to wait."""

    wrong: int = 0
    wait_ms: int = 0
    recognises: bool = False
    asking: bool = False


def _one_moment(facts: LockFacts) -> str:
    return _("One moment ...") if facts.asking else ""


def lock_page(facts: LockFacts) -> PageView:
    """Return the question for the PIN."""
    waits = facts.wait_ms > 0
    recognise = (
        (Push(_("Use face or finger"), "recognise", why_not=_one_moment(facts)),)
        if facts.recognises
        else ()
    )
    return PageView(
        name="app-locked",
        title=_("Circlet is locked"),
        blocks=(
            Drawing("lock", _("A closed padlock.")),
            *_said(facts),
            Field(PIN_FIELD, _("Your PIN"), secret=True, digits=True, limit=MOST_DIGITS),
        ),
        foot=(
            Push(
                _("Open"),
                "unlock",
                strong=True,
                why_not=_one_moment(facts) or (_("Wait a little") if waits else ""),
            ),
            *recognise,
            Push(_("Emergency card"), "emergency-card"),
            Push(_("PIN forgotten?"), "forgotten"),
        ),
        help_button=_("Emergency"),
        place=f"tries {facts.wrong}",
    )


def forgotten_page(clinic_name: str, day_number: str) -> PageView:
    """Return what to do about a forgotten PIN."""
    return PageView(
        name="pin-forgotten",
        title=_("PIN forgotten?"),
        blocks=(
            call_of(Reach(clinic_name), clinic_name, day_number),
            Words(
                _(
                    "That happens. Nobody can tell you the PIN, not even your clinic: it's only on "
                    "this phone."
                )
            ),
            Words(
                _(
                    "Call your clinic for a new code. Then erase this app in the phone's settings, "
                    "install it again, and enrol with the code."
                )
            ),
            Box(
                Notice(
                    _("Nothing of your treatment is lost"),
                    _(
                        "The band keeps its record, and your clinic has all that was sent. Only "
                        "what waits on this phone is gone. STOP and the band's button work all the "
                        "time."
                    ),
                    Tone.PLAIN,
                )
            ),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
        place="forgotten",
    )


def choice_page(*, is_on: bool, recognises: bool) -> PageView:
    """Return the setting: on or off, and what it's good for."""
    return PageView(
        name="app-lock",
        title=_("App lock"),
        blocks=(
            Words(
                _(
                    "After a minute away the app asks for a PIN, so that nobody else reads what is "
                    "yours. During a session it stays open: STOP is never behind a PIN."
                ),
                soft=True,
            ),
            Choices(
                (Choice(ON, _("Ask for a PIN")), Choice(OFF, _("Don't ask"))),
                frozenset({ON if is_on else OFF}),
                "lock",
            ),
            *(
                (Words(_("Face or finger work, too, as this phone knows them."), soft=True),)
                if recognises
                else ()
            ),
        ),
        foot=(
            *((Push(_("Choose another PIN"), "new-pin"),) if is_on else ()),
            Push(_("Back"), "back"),
        ),
        help_button=_("Emergency"),
        place="choice",
    )


def new_pin_page(problem: str | None) -> PageView:
    """Return the two lines for a new PIN."""
    said = () if problem is None else (Box(Notice(_("Not yet"), problem, Tone.WAIT)),)
    return PageView(
        name="new-pin",
        title=_("Choose a PIN"),
        blocks=(
            *said,
            Words(
                _("{least} to {most} digits. Not your birth date: that's on the letter.").format(
                    least=LEAST_DIGITS, most=MOST_DIGITS
                ),
                soft=True,
            ),
            Field(PIN_FIELD, _("New PIN"), secret=True, digits=True, limit=MOST_DIGITS),
            Field(
                AGAIN_FIELD, _("The same once more"), secret=True, digits=True, limit=MOST_DIGITS
            ),
        ),
        foot=(Push(_("Use this PIN"), "keep-pin", strong=True), Push(_("Back"), "back")),
        help_button=_("Emergency"),
        place="new",
    )


def what_is_wrong(pin: str, again: str) -> str | None:
    """Return what is wrong with a chosen PIN, or None where it may be used."""
    if not pin.isdecimal() or not LEAST_DIGITS <= len(pin) <= MOST_DIGITS:
        return _("A PIN has {least} to {most} digits.").format(least=LEAST_DIGITS, most=MOST_DIGITS)
    if len(set(pin)) == 1 or any(pin in easy for easy in _EASY):
        return _("That one is tried first by everybody. Please choose another.")
    if pin != again:
        return _("The two lines aren't the same. Type it once more.")
    return None


def _said(facts: LockFacts) -> tuple[Box, ...]:
    if facts.asking:
        return ()
    if facts.wait_ms > 0:
        words = _("You can try again in {length}. Nothing is erased, however often.").format(
            length=distance(facts.wait_ms)
        )
        return (Box(Notice(_("A short wait"), words, Tone.WAIT)),)
    if facts.wrong:
        words = n_(
            "That wasn't it. Try again.",
            "That wasn't it, {count} times now. Try again.",
            facts.wrong,
        ).format(count=facts.wrong)
        return (Box(Notice(_("Not this one"), words, Tone.WAIT)),)
    return ()
