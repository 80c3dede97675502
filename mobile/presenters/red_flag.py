"""After a red flag: what to do, whom to call, what the band does, and what the clinic knows.

The hold stands before this page. It says only what is so: not sent, on the server and unseen, or
seen by whom and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from mobile.language import _, n_, told
from mobile.presenters.page import Block, Box, Choices, Labels, PageView, Push, Words
from mobile.presenters.pieces import Call, Chip, Choice, Notice, Tone
from mobile.presenters.reach import (
    Reach,
    clinic_calls,
    crisis_calls,
    emergency_call,
    watch_sentence,
)
from mobile.presenters.words import Now, clock_time, day_and_time
from shared.instruments.side_effects import SideEffect

NAME = "red-flag"
HAPPENED, SLIP = "happened", "slip"
SAFETY_PLAN = "safety-plan"


class Heard(Enum):
    """What the clinic knows of it."""

    NOT_SENT = auto()
    ON_SERVER = auto()
    SEEN = auto()
    REFUSED = auto()
    NOT_KEPT = auto()
    """This phone couldn't keep it, so it won't send it either."""


class BandHold(Enum):
    """What the band does."""

    ON_ITS_WAY = auto()
    HELD = auto()
    TAKEN_BACK = auto()


@dataclass(frozen=True)
class RedFlagFacts:
    """One red flag. ``effect`` is None for the box that names several at once.

    ``answer`` is what the person said of it; ``undo_left_ms`` is how long "it was a slip" is asked,
    None where no time ends it. ``leads_on``: questions
    about the session come after it.
    """

    now: Now
    effect: SideEffect | None
    hold: BandHold
    heard: Heard
    heard_wall_ms: int | None
    seen_by: str
    reach: Reach
    answer: str | None = None
    undo_left_ms: int | None = None
    leads_on: bool = False

    @property
    def is_emergency(self) -> bool:
        """Whether an ambulance is the first thing."""
        flag = None if self.effect is None else self.effect.red_flag
        return flag is None or flag.emergency_words

    @property
    def safety_plan(self) -> bool:
        """Whether it is about a very dark mood."""
        flag = None if self.effect is None else self.effect.red_flag
        return flag is not None and flag.safety_plan


def red_flag_view(facts: RedFlagFacts) -> PageView:
    """Return the page; what helps first stands first."""
    return PageView(
        name=NAME,
        title=_title(facts),
        blocks=(
            *_first_of_all(facts),
            *_whom_to_call(facts),
            *_then(facts),
            Labels((_band_chip(facts.hold),)),
            Words(_band_words(facts)),
            Box(_what_the_clinic_knows(facts)),
            *_did_it_happen(facts),
        ),
        foot=(
            Push(
                _("Go on with the questions") if facts.leads_on else _("Back to today"),
                "done",
            ),
        ),
        place=str(facts.answer),
    )


def _title(facts: RedFlagFacts) -> str:
    if facts.answer == SLIP:
        return _("It was a slip")
    return _("Call for help now") if facts.is_emergency else _("The band waits")


def _first_of_all(facts: RedFlagFacts) -> tuple[Block, ...]:
    """One short sentence, so that the number stands directly below it."""
    if facts.answer == SLIP:
        return ()
    if facts.is_emergency:
        return (Words(_("Take the band off."), large=True),)
    return (Words(_("Take the band off and rest."), large=True),)


def _whom_to_call(facts: RedFlagFacts) -> tuple[Block, ...]:
    """An ambulance's number is the second at the latest: it's in sight as the page opens."""
    plan = Push(_("Your safety plan"), SAFETY_PLAN, strong=True)
    crisis: tuple[Push | Call, ...] = (*crisis_calls(facts.reach), plan)
    first = crisis if facts.safety_plan else ()
    emergency = emergency_call(facts.reach)
    clinic = clinic_calls(facts.reach)
    if facts.is_emergency and facts.answer != SLIP:
        return (emergency, *clinic, *first)
    offered = (*first, *clinic)
    return (*offered[:1], emergency, *offered[1:])


def _then(facts: RedFlagFacts) -> tuple[Block, ...]:
    if facts.answer == SLIP:
        return ()
    if not facts.is_emergency:
        return (Words(_("Call your clinic; they want to hear of it today.")),)
    words = _("Call {number}, or let somebody call. Lie on your side, and don't stay alone.")
    words = words.format(number=facts.reach.emergency_number)
    return (Box(Notice(_("Seizure, blackout, trouble speaking"), words, Tone.STOP)),)


def _band_chip(hold: BandHold) -> Chip:
    if hold is BandHold.HELD:
        return Chip(_("The band is locked"), Tone.OK)
    if hold is BandHold.TAKEN_BACK:
        return Chip(_("The band isn't locked"), Tone.PLAIN)
    return Chip(_("The band isn't told yet"), Tone.WAIT)


def _band_words(facts: RedFlagFacts) -> str:
    if facts.hold is BandHold.TAKEN_BACK:
        return _(
            "The lock is taken back. Your record says that it was there, and that it was a slip."
        )
    if facts.hold is BandHold.ON_ITS_WAY:
        return _("It will be, as soon as it's near this phone. Until then keep it off.")
    if facts.answer == SLIP:
        return _(
            "For signs of a seizure or a stroke the lock stays until your clinic has spoken with "
            "you. They see that it was probably a slip."
        )
    return _("It gives nothing until your clinic has spoken with you.")


def _what_the_clinic_knows(facts: RedFlagFacts) -> Notice:
    title = _("What your clinic knows")
    sentences = [_heard_words(facts), watch_sentence(facts.reach)]
    body = " ".join(sentence for sentence in sentences if sentence)
    return Notice(title, body, Tone.OK if facts.heard is Heard.SEEN else Tone.WAIT)


def _heard_words(facts: RedFlagFacts) -> str:
    at_ms = facts.heard_wall_ms
    when = "" if at_ms is None else _when(facts.now, at_ms)
    if facts.heard is Heard.SEEN:
        return _("Seen by {who}, {when}.").format(who=facts.seen_by, when=when)
    if facts.heard is Heard.ON_SERVER:
        return _("Sent {when}. Nobody has read it yet: please call.").format(when=when)
    if facts.heard is Heard.REFUSED:
        return _("It could not be delivered: call.")
    if facts.heard is Heard.NOT_KEPT:
        return _("It couldn't be kept on this phone, so the app doesn't tell them: call.")
    return _("Not sent yet: call.")


def _when(now: Now, at_ms: int) -> str:
    """The time alone where it's of today; else with its day."""
    same_day = now.local(at_ms).date() == now.here.date()
    return clock_time(now, at_ms) if same_day else day_and_time(now, at_ms)


def _did_it_happen(facts: RedFlagFacts) -> tuple[Block, ...]:
    if facts.answer is not None or facts.undo_left_ms == 0:
        return ()
    question = (
        _("Did it happen?")
        if facts.effect is None
        else _("{what}: did it happen?").format(what=told(facts.effect.text))
    )
    return (
        Words(question, large=True),
        Choices(
            (
                Choice(HAPPENED, _("Yes, it happened")),
                Choice(SLIP, _("No, I touched it by mistake")),
            ),
            group=NAME,
        ),
        *_undo_words(facts.undo_left_ms),
    )


def _undo_words(undo_left_ms: int | None) -> tuple[Block, ...]:
    if undo_left_ms is None:
        return ()
    seconds = -(-undo_left_ms // 1000)
    words = n_(
        "The lock can be taken back for {count} more second.",
        "The lock can be taken back for {count} more seconds.",
        seconds,
    ).format(count=seconds)
    return (Words(words, small=True, soft=True),)
