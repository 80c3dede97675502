"""Before a session: one safety question after the other, what an answer does, and what was said.

A "no" moves on by itself, and Back is always there. What would lock says so and is asked once more
before anybody is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mobile.language import _, n_, told
from mobile.presenters.page import (
    Ask,
    BandSeat,
    Block,
    Box,
    Choices,
    Count,
    Heading,
    PageView,
    Push,
    Rows,
    Steps,
    Words,
)
from mobile.presenters.pieces import Choice, Notice, Row, Tone
from mobile.presenters.reach import (
    Reach,
    clinic_calls,
    crisis_calls,
    emergency_call,
    reading_sentence,
)
from mobile.presenters.words import Now, from_then
from shared.instruments.screening import (
    LOCKING,
    YES,
    Circumstances,
    Given,
    ScreeningAction,
    ScreeningQuestion,
)

NAME, SURE_NAME, CHECK_NAME, WAITS_NAME = (
    "screening",
    "screening-sure",
    "screening-check",
    "screening-waits",
)
SURE, GO_ON, GET_READY, SAFETY_PLAN, SOFTER = (
    "sure",
    "go-on",
    "get-ready",
    "safety-plan",
    "softer",
)
FOLLOW_GROUP = "follow"


@dataclass(frozen=True)
class AskedNow:
    """The question that stands there: its number (from 1) among so many, and what was answered."""

    question: ScreeningQuestion
    number: int
    count: int
    given: Given | None = None


def question_view(asked: AskedNow) -> PageView:
    """Return one safety question."""
    question = asked.question
    return PageView(
        name=NAME,
        title=_("Before you start"),
        subtitle=_step(asked),
        blocks=(
            Count(asked.number, asked.count),
            _ask(question),
            Choices(
                tuple(Choice(answer.id, told(answer.text)) for answer in question.answers),
                frozenset() if asked.given is None else frozenset({asked.given.answer}),
                question.id,
            ),
            *_not_yet(asked),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
        place=question.id,
    )


def _ask(question: ScreeningQuestion) -> Ask:
    return Ask(
        told(question.prompt),
        help=told(question.help) if question.help else "",
        why=told(question.why) if question.why else "",
        why_title=_("Why we ask") if question.why else "",
    )


def _not_yet(asked: AskedNow) -> tuple[Block, ...]:
    """What has to be confirmed and isn't: the session waits for it, nobody is told."""
    question, given = asked.question, asked.given
    if question.action is not ScreeningAction.CONFIRM or given is None or given.answer == YES:
        return ()
    words = _("There's no hurry. Touch the first answer as soon as it is so.")
    return (Box(Notice(_("The session waits for it"), words, Tone.WAIT)),)


def follow_view(asked: AskedNow, circumstances: Circumstances) -> PageView:
    """Return what is asked further after a yes: putting it right, or the clinic's list."""
    question = asked.question
    assert question.follow is not None
    chosen = frozenset() if asked.given is None else frozenset(asked.given.follow)
    listed = question.action is ScreeningAction.LIST
    names = tuple(circumstances.medicines) if listed else ()
    answers = (
        *(Choice(name, name) for name in names),
        *(Choice(answer.id, told(answer.text)) for answer in question.follow.answers),
    )
    missing = "" if chosen else _("Touch at least one")
    onward = (Push(_("Go on"), GO_ON, strong=True, why_not=missing),) if listed else ()
    return PageView(
        name=NAME,
        title=_("Before you start"),
        subtitle=_step(asked),
        blocks=(
            Count(asked.number, asked.count),
            Ask(told(question.follow.prompt), help=told(question.follow.help)),
            Choices(answers, chosen, FOLLOW_GROUP, many=listed),
        ),
        foot=(*onward, Push(_("Back"), "back")),
        help_button=_("Emergency"),
        place=f"{question.id}/{FOLLOW_GROUP}",
    )


def sure_view(
    asked: AskedNow, action: ScreeningAction, now: Now, reach: Reach, *, busy: bool = False
) -> PageView:
    """Return what an answer that locks would do, and ask once more."""
    question = asked.question
    effect = _effect(asked, action, now, reach)
    waits = _("One moment ...") if busy else ""
    return PageView(
        name=SURE_NAME,
        title=_("Is that right?"),
        subtitle=_step(asked),
        blocks=(
            *(_unwell_now(reach) if question.emergency else ()),
            Words(_said(asked), large=True),
            Box(Notice(_("Today's session will wait"), effect, Tone.WAIT)),
        ),
        foot=(
            Push(_("Yes, that's right"), SURE, strong=not question.emergency, why_not=waits),
            Push(_("No, change my answer"), "back", why_not=waits),
        ),
        help_button=_("Emergency"),
        place=f"{question.id}/{SURE}",
    )


def _unwell_now(reach: Reach) -> tuple[Block, ...]:
    """The number stands above all else: its sentence is as short as it can be."""
    return (
        Words(_("Unwell now? Take the band off and call.")),
        emergency_call(reach),
    )


def _said(asked: AskedNow) -> str:
    short = told(asked.question.short)
    if asked.given is not None and asked.given.answer == YES:
        return _("You said yes: {what}.").format(what=short)
    return _("You said that you're not sure: {what}.").format(what=short)


def _effect(asked: AskedNow, action: ScreeningAction, now: Now, reach: Reach) -> str:
    if action is ScreeningAction.HOLD:
        return _join(
            _("Your answer is sent as soon as you confirm it and this phone has a network."),
            reading_sentence(reach, now),
            _("This session moves to the end of your course; nothing is lost."),
        )
    hours = asked.question.hours
    opens = from_then(now, now.wall_ms + hours * 3_600_000)
    waits = n_("The band waits 1 hour.", "The band waits {count} hours.", hours)
    return _join(
        waits.format(count=hours),
        _("It opens again {when}.").format(when=opens),
        _("This session moves to the end of your course; nothing is lost."),
    )


@dataclass(frozen=True)
class CheckFacts:
    """The page before getting ready: what was answered, and how the band sits.

    ``answers`` pairs each question with what its answer does. ``seat`` is None while the band is
    away. ``place`` is where the pulses go, in a person's words. ``softer`` is the output that
    "softer" would have, where it was wished for.
    """

    answers: tuple[tuple[ScreeningQuestion, ScreeningAction], ...]
    seat: SeatFacts | None
    initials: str
    place: str = ""
    softer: SofterFacts | None = None
    busy: bool = False


@dataclass(frozen=True)
class SeatFacts:
    """How the band sits, by its last word."""

    contact: bool
    position_ok: bool
    battery_percent: int
    battery_least: int
    moving: bool = False

    @property
    def is_good(self) -> bool:
        """Whether nothing has to be put right."""
        return (
            self.contact
            and self.position_ok
            and not self.moving
            and self.battery_percent >= self.battery_least
        )


@dataclass(frozen=True)
class SofterFacts:
    """A softer session was wished for: from, to (percent of the output), and whether it stands."""

    from_percent: int
    to_percent: int
    chosen: bool


def check_view(facts: CheckFacts) -> PageView:
    """Return the page with the answers and the band's picture; one touch sends and gets ready."""
    seat = facts.seat
    waits = _("One moment ...") if facts.busy else ""
    return PageView(
        name=CHECK_NAME,
        title=_("Put the band on"),
        blocks=(
            Ask(seat_words(seat)),
            BandSeat(
                initials=facts.initials,
                contact=None if seat is None else seat.contact,
                position_ok=None if seat is None else seat.position_ok,
                words=seat_words(seat),
            ),
            *_put_right(seat),
            Rows((*_seat_rows(seat), *_whose(facts))),
            *_softer(facts.softer),
            *_summary(facts.answers),
        ),
        foot=(
            Push(_("Get ready"), GET_READY, strong=True, why_not=waits or _missing(seat)),
            Push(_("Back"), "back", why_not=waits),
        ),
        help_button=_("Emergency"),
    )


def _missing(seat: SeatFacts | None) -> str:
    """Return what getting ready waits for; nothing where the band sits well."""
    if seat is None:
        return _("Bring the band near")
    if not seat.contact or not seat.position_ok:
        return _("First put the band right")
    if seat.battery_percent < seat.battery_least:
        return _("First charge the band")
    return _("Sit still for a moment") if seat.moving else ""


def seat_words(seat: SeatFacts | None) -> str:
    """Return the one thing to put right now, or that it sits well."""
    if seat is None:
        return _("Bring the band near this phone.")
    if not seat.contact:
        return _("It doesn't touch your head yet.")
    if not seat.position_ok:
        return _("It isn't in its place yet.")
    if seat.battery_percent < seat.battery_least:
        return _("Charge the band first. It needs {least} %.").format(least=seat.battery_least)
    if seat.moving:
        return _("Sit still for a moment.")
    return _("It sits well.")


def _put_right(seat: SeatFacts | None) -> tuple[Block, ...]:
    """Return what to do, in order, for a band that doesn't sit.

    The band says that it's off its place, but not in which direction: so it's set down anew.
    """
    if seat is None or (seat.contact and seat.position_ok):
        return ()
    first = _("Lift it off, and take off hair clips and ear-rings.")
    if seat.contact:
        first = _("Lift it off your head.")
    steps = (
        first,
        _("Look straight ahead. Set it down from above, its button over the middle of your face."),
        _("Press it down lightly at both sides. This page says when it sits."),
    )
    without = _("It won't sit? Go back and call your clinic. You lose nothing.")
    return (Steps(steps), Words(without, soft=True, small=True))


def _whose(facts: CheckFacts) -> tuple[Row, ...]:
    shows = Row(_("The band shows"), facts.initials)
    return (shows, Row(_("Place of the pulses"), facts.place)) if facts.place else (shows,)


def _seat_rows(seat: SeatFacts | None) -> tuple[Row, ...]:
    if seat is None:
        return (Row(_("Band"), _("Not near")),)
    return (
        Row(_("Contact"), _("Good") if seat.contact else _("Not yet")),
        Row(_("Position"), _("Good") if seat.position_ok else _("Not yet")),
        Row(_("Charge"), _("{percent} %").format(percent=seat.battery_percent)),
    )


def _softer(softer: SofterFacts | None) -> tuple[Block, ...]:
    if softer is None:
        return ()
    words = _("Softer today: {to} instead of {full} percent, as you wished").format(
        to=softer.to_percent, full=softer.from_percent
    )
    chosen = frozenset({SOFTER}) if softer.chosen else frozenset()
    return (Choices((Choice(SOFTER, words),), chosen, SOFTER, many=True),)


def _summary(answers: Sequence[tuple[ScreeningQuestion, ScreeningAction]]) -> tuple[Block, ...]:
    if not answers:
        return ()
    other = [(q, action) for q, action in answers if action is not ScreeningAction.PASS]
    if not other:
        count = len(answers)
        words = n_(
            "Your answer: nothing speaks against the session.",
            "Your {count} answers: nothing speaks against the session.",
            count,
        )
        return (Words(words.format(count=count), soft=True),)
    rows = tuple(Row(told(q.short), _what_it_does(action)) for q, action in other)
    return (Heading(_("Your answers, besides No")), Rows(rows))


def _what_it_does(action: ScreeningAction) -> str:
    if action is ScreeningAction.FIX:
        return _("Put right")
    if action is ScreeningAction.NOTE:
        return _("Noted, harmless")
    return _("Your clinic reads it")


def waits_view(now: Now, reach: Reach, *, opens_wall_ms: int | None, sent: bool) -> PageView:
    """Return the word after an answer that locks: until an instant, or until a person lifts it."""
    held = opens_wall_ms is None
    return PageView(
        name=WAITS_NAME,
        title=_("Your clinic looks at this first") if held else _("Today is a day to rest"),
        blocks=(
            Box(Notice("", _waits_words(now, reach, opens_wall_ms), Tone.WAIT)),
            *(() if sent else (Words(_not_sent(held=held), soft=True),)),
            *clinic_calls(reach),
            *_hard_day(reach),
        ),
        foot=(Push(_("Done"), "done"),),
        help_button=_("Emergency"),
    )


def _waits_words(now: Now, reach: Reach, opens_wall_ms: int | None) -> str:
    moves = _("This session moves to the end of your course; nothing is lost.")
    if opens_wall_ms is not None:
        when = from_then(now, opens_wall_ms)
        return _join(_("The band opens again {when}.").format(when=when), moves)
    return _join(
        _("The band waits until your clinic has spoken with you."),
        reading_sentence(reach, now),
        moves,
    )


def _not_sent(*, held: bool) -> str:
    if held:
        return _("Your answer isn't sent yet. It goes out by itself; a call is quicker.")
    return _("Your answer isn't sent yet. It goes out by itself, as soon as there's a network.")


def _hard_day(reach: Reach) -> tuple[Block, ...]:
    """Who is sent home is still told where help is, whatever wasn't asked any more."""
    plan = Row(_("If the day is very dark"), _("Your safety plan"), SAFETY_PLAN)
    return (Rows((plan,)), *crisis_calls(reach)[:1])


def locks(action: ScreeningAction) -> bool:
    """Whether an answer that does this is asked once more."""
    return action in LOCKING


def _step(asked: AskedNow) -> str:
    return _("{number} of {count}").format(number=asked.number, count=asked.count)


def _join(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
