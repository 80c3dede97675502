"""Safety questions one by one, and what their answers come to."""

from __future__ import annotations

from mobile.language import _, told
from mobile.presenters.views import (
    Choice,
    MessageView,
    Notice,
    QuestionView,
    Tone,
)
from mobile.presenters.words import Now, from_day_and_time, hours
from shared.instruments.screening import Screening, ScreeningRules
from shared.trust.statements import GateOutcome

SCREENING_FLOW = "screening"


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
