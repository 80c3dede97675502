"""Practice without a pulse (R30): what it is, the ring that runs, and what STOP did.

The screen is the session's own, so that the hand learns where STOP is; every word says that it's
practice.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, n_, p_, told
from mobile.presenters.page import Box, Drawing, PageView, Push, Steps, Words
from mobile.presenters.pieces import Chip, Choice, Notice, Tone
from mobile.presenters.unheard import STOP_NOTE_LOST
from mobile.presenters.views import SessionView
from mobile.presenters.words import left

TRAINS, TRAIN_MS, REST_MS = 6, 4_000, 4_000
"""A short make-believe session: six trains of four seconds, with four seconds between (own)."""
HINT_AFTER_MS = 20_000
WHOLE_MS = TRAINS * TRAIN_MS + (TRAINS - 1) * REST_MS


@dataclass(frozen=True)
class PracticeFacts:
    """A practice under way: since when, whether the band still answers, and whether the person may
    leave without its word."""

    since_ms: int
    linked: bool
    stop_waits: bool
    may_leave: bool


def before_page(*, problem: str | None = None, busy: bool = False) -> PageView:
    """Return what comes before: what will happen, and that no pulse comes."""
    said = () if problem is None else (Box(Notice(_("Not yet"), problem, Tone.WAIT)),)
    return PageView(
        name="practice",
        title=_("Practice"),
        subtitle=_("without a pulse"),
        blocks=(
            *said,
            Drawing("stop", _("A phone. The lower third of its screen is red: that is STOP.")),
            Words(
                _(
                    "The band takes part, but gives no pulse: it empties its store of power first. "
                    "You needn't wear it."
                )
            ),
            Steps(
                (
                    _("The ring runs, as in a session."),
                    _("Touch STOP, anywhere in the red part. Or press the band's button."),
                    _("See that it has stopped."),
                )
            ),
        ),
        foot=(
            Push(
                _("Begin the practice"),
                "begin",
                strong=True,
                why_not=_("One moment ...") if busy else "",
            ),
            Push(_("Back"), "back"),
        ),
        help_button=_("Emergency"),
    )


def running_view(facts: PracticeFacts) -> SessionView:
    """Return the practice's ring; ``since_ms`` beyond its length stands at the end."""
    at_ms = min(facts.since_ms, WHOLE_MS)
    train = min(TRAINS, at_ms // (TRAIN_MS + REST_MS) + 1)
    is_firing = at_ms % (TRAIN_MS + REST_MS) < TRAIN_MS
    done = train - 1 if is_firing else train
    return SessionView(
        title=_("Practice") if facts.linked else p_("title", "Press the button on the band"),
        subtitle=_("no pulse is given") if facts.linked else "",
        chip=_chip(facts),
        trains=TRAINS,
        train=train,
        trains_done=TRAINS if at_ms >= WHOLE_MS else done,
        big=left(WHOLE_MS - at_ms),
        big_note=_("left") if facts.linked else _("left, last known"),
        figures=n_(
            "Train {train} of {count}   no pulses", "Train {train} of {count}   no pulses", TRAINS
        ).format(train=train, count=TRAINS),
        pulses=n_("Train {train} of {count}", "Train {train} of {count}", TRAINS).format(
            train=train, count=TRAINS
        ),
        sentence=_sentence(facts, is_firing=is_firing),
        link_lost=not facts.linked,
        paused=False,
        still_here=False,
        buttons=(_way_out(facts),),
        stop_label=_("STOP"),
        stop_note=_("Touch anywhere here, or press the button on the band")
        if facts.linked
        else told(STOP_NOTE_LOST),
    )


def stopped_page(*, by_stop: bool) -> PageView:
    """Return what came of it, once the band has said that it's over."""
    body = (
        _("Nothing more comes until you decide otherwise. It's the same in a real session.")
        if by_stop
        else _("In a real session STOP works in the same place, at any moment.")
    )
    return PageView(
        name="practice-done",
        title=_("It has stopped") if by_stop else _("The practice is over"),
        blocks=(
            Box(Notice(_("The band is at rest"), body, Tone.OK)),
            Words(_("No pulse was given, and nothing counts towards your plan.")),
        ),
        foot=(
            Push(_("Once more"), "again"),
            Push(_("Done"), "home", strong=True),
        ),
        help_button=_("Emergency"),
    )


def _way_out(facts: PracticeFacts) -> Choice:
    if facts.may_leave:
        return Choice("leave", _("Leave the practice"))
    return Choice("end-practice", _("Enough"))


def _chip(facts: PracticeFacts) -> Chip:
    if facts.linked:
        return Chip(_("Linked"), Tone.OK)
    return Chip(_("Link lost"), Tone.WAIT)


def _sentence(facts: PracticeFacts, *, is_firing: bool) -> str:
    if facts.stop_waits:
        return _("STOP will be sent when the link returns. The band's button ends it now.")
    if not facts.linked:
        return _("The link is gone. The band ends the practice by itself; it gives no pulse.")
    if facts.may_leave:
        return _("The band hasn't answered. It ends the practice by itself; it gives no pulse.")
    if facts.since_ms >= HINT_AFTER_MS:
        return _("Now touch STOP, to see what it does.")
    if is_firing:
        return _("Here the band would tap. Today it's quiet.")
    return _("Here would be a break.")
