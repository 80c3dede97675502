"""After a session: "Anything unusual?" first, then what it was, how strong, and what helps.

Red flags stand on every page of it. What is one holds at once, before anything more is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mobile.language import _, mark, n_, told
from mobile.presenters.page import (
    Ask,
    Block,
    Box,
    Choices,
    Count,
    PageView,
    Push,
    Rows,
    Words,
)
from mobile.presenters.pieces import Choice, Notice, Row, Tone
from mobile.presenters.reach import Reach, clinic_calls, opening_sentence
from mobile.presenters.views import AfterView
from mobile.presenters.words import Now, day_and_time
from shared.instruments.side_effects import SideEffect, SideEffectRules
from shared.wire.records import CloseCause

NOTICED_NAME, GRADE_NAME, ADVICE_NAME = "side-effects", "side-effect-grade", "side-effect-advice"
RED_FLAG, NOTICED, SOFTER = "red-flag", "noticed", "softer"

_ENDED_BECAUSE = {
    CloseCause.COMPLETED: mark("Every train was given."),
    CloseCause.ENDED_BY_PERSON: mark("You ended it here."),
    CloseCause.PAUSE_LIMIT: mark("The pause was longer than ten minutes."),
    CloseCause.OVER_TEMPERATURE: mark("The band got warm and ended it."),
    CloseCause.FAULT: mark("The band ended it and needs service. Call your clinic."),
    CloseCause.HOLD: mark("Your clinic paused the treatment."),
    CloseCause.PRESCRIPTION_ENDED: mark("Your plan came to its end."),
    CloseCause.MOTION: mark("The band felt a strong movement and ended it."),
    CloseCause.REBOOT: mark("The band started anew and ended it."),
    CloseCause.LOCKED_ON_RESUME: mark("The band did not go on after the pause."),
    CloseCause.TIME_LIMIT: mark("The time for it was over."),
    CloseCause.ADVERSE_EVENT: mark("It was ended because of what you noticed."),
}


@dataclass(frozen=True)
class AfterFacts:
    """A session that has ended; ``ended_wall_ms`` is None where no clock knew."""

    now: Now
    session_number: int
    charged_pulses: int
    planned_pulses: int
    completed: bool
    cause: CloseCause | None
    ended_wall_ms: int | None


def after_view(facts: AfterFacts, chosen: str | None = None) -> AfterView:
    """Return the screen after a session: what was given, and the side-effect question."""
    return AfterView(
        title=_("All done for today") if facts.completed else _("Session ended early"),
        subtitle=_when(facts),
        summary=_what_was_given(facts),
        question=_("Did you notice anything unusual?"),
        choices=(Choice("no", _("No, as usual")), Choice("yes", _("Yes, something"))),
        chosen=chosen,
        help=_("Headache, scalp, twitching, dizziness and the like: pick it on the next page."),
        red_flag=red_flag_notice(),
        button=_("Go on") if chosen == "yes" else _("Done"),
        why_not="" if chosen else _("First touch an answer"),
        red_flag_action=RED_FLAG,
    )


def red_flag_notice() -> Notice:
    """Return the box that locks the band with one touch."""
    return Notice(
        _("Blackout, seizure, trouble speaking?"),
        _("Touch here at once. The band locks first, then we ask, and we show whom to call."),
        Tone.STOP,
    )


def noticed_view(rules: SideEffectRules, noticed: Mapping[str, int], facts: AfterFacts) -> PageView:
    """Return the list of what may be noticed; several may be picked."""
    listed = tuple(Choice(effect.id, told(effect.text)) for effect in rules.effects)
    return PageView(
        name=NOTICED_NAME,
        title=_("What was it?"),
        subtitle=_when(facts),
        blocks=(
            Box(red_flag_notice(), RED_FLAG),
            Words(_("Touch everything that fits."), soft=True),
            Choices(listed, frozenset(noticed), NOTICED, many=True),
        ),
        foot=(
            Push(
                _("Go on"),
                "next",
                strong=True,
                why_not="" if noticed else _("Touch at least one"),
            ),
            Push(_("Back"), "back"),
        ),
        help_button=_("Emergency"),
    )


def grade_view(
    rules: SideEffectRules, effect: SideEffect, number: int, count: int, chosen: int
) -> PageView:
    """Return the question how strong one of them was."""
    return PageView(
        name=GRADE_NAME,
        title=_("How strong was it?"),
        subtitle=_("{number} of {count}").format(number=number, count=count),
        blocks=(
            Count(number, count),
            Ask(told(effect.text)),
            Choices(
                tuple(Choice(str(grade.number), told(grade.text)) for grade in rules.grades),
                frozenset({str(chosen)}) if chosen else frozenset(),
                effect.id,
            ),
            Box(red_flag_notice(), RED_FLAG),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
        place=effect.id,
    )


def advice_view(
    rules: SideEffectRules, noticed: Mapping[str, int], reach: Reach, now: Now, *, softer: bool
) -> PageView:
    """Return what the clinic is told, and what helps now and next time."""
    strong = rules.needs_advice(noticed)
    return PageView(
        name=ADVICE_NAME,
        title=_("Thank you"),
        subtitle=_("Your clinic reads it, though not at once"),
        blocks=(
            Rows(tuple(_noticed_row(rules, rules.find(name), noticed[name]) for name in noticed)),
            *(_advice(rules, noticed, strong, reach, now) if strong else ()),
            *(_softer_offer(chosen=softer) if strong else ()),
            Box(red_flag_notice(), RED_FLAG),
        ),
        foot=(Push(_("Done"), "done", strong=True), Push(_("Back"), "back")),
        help_button=_("Emergency"),
    )


def _noticed_row(rules: SideEffectRules, effect: SideEffect, grade: int) -> Row:
    words = next(each.text for each in rules.grades if each.number == grade)
    return Row(told(effect.text), told(words))


def _advice(
    rules: SideEffectRules,
    noticed: Mapping[str, int],
    strong: tuple[SideEffect, ...],
    reach: Reach,
    now: Now,
) -> tuple[Block, ...]:
    asks = any(effect.asks(noticed[effect.id]) for effect in strong)
    words = _("Rest, drink something, and don't drive until it's over. Call if it grows or stays.")
    sentences = [words]
    if asks:
        sentences.append(_("Your clinic will ask you about it before the next session."))
    sentences.append(opening_sentence(reach, now))
    body = " ".join(sentence for sentence in sentences if sentence)
    return (
        Box(Notice(_("What helps now"), body, Tone.PLAIN)),
        *clinic_calls(reach),
    )


def _softer_offer(*, chosen: bool) -> tuple[Block, ...]:
    return (
        Choices(
            (Choice(SOFTER, _("Offer me a softer session next time")),),
            frozenset({SOFTER}) if chosen else frozenset(),
            SOFTER,
            many=True,
        ),
        Words(
            _("Softer is one step down. You decide again before the session begins."),
            small=True,
            soft=True,
        ),
    )


def _when(facts: AfterFacts) -> str:
    if facts.ended_wall_ms is None:
        return _("Session {number}").format(number=facts.session_number)
    return _("Session {number}, ended {when}").format(
        number=facts.session_number, when=day_and_time(facts.now, facts.ended_wall_ms)
    )


def _what_was_given(facts: AfterFacts) -> str:
    given = n_(
        "{given} of {count} pulse given.", "{given} of {count} pulses given.", facts.planned_pulses
    ).format(given=facts.charged_pulses, count=facts.planned_pulses)
    return given if facts.cause is None else f"{given} {told(_ENDED_BECAUSE[facts.cause])}"
