"""Questions one by one: safety before a session, and the check-in with its score."""

from __future__ import annotations

from mobile.language import _, p_, told
from mobile.presenters.help import EMERGENCY_NUMBER
from mobile.presenters.views import (
    Choice,
    DoneView,
    MessageView,
    Notice,
    QuestionView,
    Tone,
)
from mobile.presenters.words import Now, first_capital, from_day_and_time, hours
from shared.instruments.questionnaire import SELF_HARM_ITEM, Questionnaire, Score
from shared.instruments.screening import Screening, ScreeningRules
from shared.trust.statements import GateOutcome

SCREENING_FLOW, CHECKIN_FLOW = "screening", "checkin"


def screening_view(rules: ScreeningRules, index: int, chosen: str | None) -> QuestionView:
    """Return safety question ``index`` (from 0)."""
    question = rules.questions[index]
    number = index + 1
    return QuestionView(
        flow=SCREENING_FLOW,
        title=_("Before you start"),
        step=_("{number} of {count}").format(number=number, count=len(rules.questions)),
        number=number,
        count=len(rules.questions),
        question=told(question.prompt),
        help=told(question.help),
        choices=tuple(Choice(answer.id, told(answer.text)) for answer in rules.answers),
        chosen=chosen,
        next_button=_("Next") if number < len(rules.questions) else _("Send to the band"),
        can_go_back=index > 0,
        notice=_consequence(question.if_yes, question.postpone_h, chosen),
    )


def checkin_view(questions: Questionnaire, index: int, chosen: str | None) -> QuestionView:
    """Return question ``index`` (from 0) of the check-in."""
    number = index + 1
    return QuestionView(
        flow=CHECKIN_FLOW,
        title=_("Weekly check-in"),
        step=_("Question {number} of {count}").format(number=number, count=len(questions.items)),
        number=number,
        count=len(questions.items),
        question=p_("question after its opening words", "{lead} {question}").format(
            lead=told(questions.lead), question=told(questions.items[index].prompt)
        ),
        help=None,
        choices=tuple(
            Choice(str(answer.value), told(answer.text))
            for answer in questions.items[index].answers.responses
        ),
        chosen=chosen,
        next_button=_("Next") if number < len(questions.items) else _("Send"),
        can_go_back=index > 0,
        note=_("Our own wording, not the official one. Only you and your care team see this."),
    )


def checkin_done_view(score: Score, questions: Questionnaire, answers: tuple[int, ...]) -> DoneView:
    """Return the score in words, and what to do now where an answer asks for it."""
    return DoneView(
        title=_("Thank you"),
        body=_("Your answers are locked for your care team and go out by themselves."),
        score=_("{number} of {count}").format(number=score.total, count=score.maximum),
        score_note=p_("name of a score, and its label", "{name}. {label}").format(
            name=first_capital(told(score.band)), label=told(score.label)
        ),
        button=_("Done"),
        notice=_hard_thoughts(questions, answers),
    )


def screening_waits_view(screening: Screening, now: Now) -> MessageView:
    """Return the word after answers that aren't a pass."""
    if screening.outcome is GateOutcome.HOLD:
        return MessageView(
            title=_("Your clinic looks at this first"),
            body=_(
                "The band waits until your clinic has spoken with you. Nothing is lost: this "
                "session moves to the end of your course. If you feel ill, touch Emergency."
            ),
            tone=Tone.WAIT,
            button=_("Done"),
            button_action="home",
        )
    opens = from_day_and_time(now, now.wall_ms + screening.postpone_s * 1000)
    return MessageView(
        title=_("Today is a day to rest"),
        body=_("The band opens again: {when}. This session moves; nothing is lost.").format(
            when=opens
        ),
        tone=Tone.WAIT,
        button=_("Done"),
        button_action="home",
    )


def _consequence(if_yes: GateOutcome, postpone_h: int, chosen: str | None) -> Notice | None:
    if chosen in (None, "no"):
        return None
    if if_yes is GateOutcome.HOLD:
        body = _("Your clinic looks at it first. This session moves to the end of your course.")
        return Notice(_("Today's session will wait"), body, Tone.WAIT)
    if if_yes is GateOutcome.POSTPONE:
        body = _("It opens again after {hours}. Nothing is lost.").format(hours=hours(postpone_h))
        return Notice(_("Today's session will wait"), body, Tone.WAIT)
    return None


def _hard_thoughts(questions: Questionnaire, answers: tuple[int, ...]) -> Notice | None:
    given = {item.id: answer for item, answer in zip(questions.items, answers, strict=True)}
    if not given.get(SELF_HARM_ITEM):
        return None
    return Notice(
        _("You don't have to be alone with this"),
        _(
            "You said that you have hard thoughts. Your care team reads it, but perhaps not at "
            "once. If you might hurt yourself now, call {number} or go to somebody you trust."
        ).format(number=EMERGENCY_NUMBER),
        Tone.STOP,
    )
