"""What was answered so far: a line for each, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from mobile.language import _, n_, p_, told
from mobile.presenters.calendar_words import day_of, month_and_year
from mobile.presenters.checkin import answer_rows, score_note
from mobile.presenters.page import Figure, Group, LongRows, PageView, Push, Rows, Words
from mobile.presenters.pieces import Row
from mobile.presenters.task_words import figure_rows
from mobile.presenters.words import Now, day_and_time, first_capital
from shared.instruments.forms import FORMS, form
from shared.instruments.questionnaire import Task
from shared.instruments.registry import instrument, knows, task_data
from shared.wire.items import CheckinBody

ANSWER = "answer:"
"""Before the instant of an answer: the press that shows it in full."""


def history_view(now: Now, answers: Sequence[CheckinBody]) -> PageView:
    """Return all answers, the newest first."""
    count = len(answers)
    blocks = (
        (LongRows(tuple(_rows_by_month(now, answers))),)
        if count
        else (Words(_("Nothing yet. What you answer is kept here, for you."), soft=True),)
    )
    return PageView(
        name="checkin-history",
        title=_("Your answers so far"),
        subtitle=n_("{count} answered", "{count} answered", count).format(count=count),
        blocks=blocks,
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
    )


def _rows_by_month(now: Now, answers: Sequence[CheckinBody]) -> Iterator[Row]:
    """The newest first, below the name of their month."""
    newest_first = sorted(answers, key=lambda body: body.answered_ms, reverse=True)
    days = ((day_of(now, body.answered_ms), body) for body in newest_first)
    for _month, of_month in groupby(days, key=lambda each: month_and_year(each[0])):
        bodies = list(of_month)
        yield Row(month_and_year(bodies[0][0]), "")
        yield from (_row(now, body) for _day, body in bodies)


def answer_view(now: Now, body: CheckinBody) -> PageView:
    """Return one check-in or task in full."""
    return PageView(
        name="checkin-history",
        title=_title(body),
        subtitle=first_capital(day_and_time(now, body.answered_ms)),
        blocks=(*_score_blocks(body), Rows(_rows(body)), *_source(body)),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
        place="one",
    )


def _row(now: Now, body: CheckinBody) -> Row:
    label, score = _title(body), _score(body)
    if score:
        label = p_("instrument and its score", "{name}: {score}").format(name=label, score=score)
    when = first_capital(day_and_time(now, body.answered_ms))
    return Row(label, when, f"{ANSWER}{body.answered_ms}")


def _title(body: CheckinBody) -> str:
    return told(instrument(body.instrument).title) if knows(body.instrument) else body.instrument


def _score(body: CheckinBody) -> str:
    if body.instrument not in FORMS:
        return ""
    score = form(body.instrument).scored(body.answers)
    if score is None:
        return ""
    return _("{number} of {count}").format(number=score.total, count=score.maximum)


def _score_blocks(body: CheckinBody) -> tuple[Group, ...]:
    score = form(body.instrument).scored(body.answers) if body.instrument in FORMS else None
    if score is None:
        return ()
    note = _("From your clinic's text pack.") if body.pack_serial else score_note(score)
    return (Group((Figure(_score(body), note),)),)


def _source(body: CheckinBody) -> tuple[Words, ...]:
    """Where scoring and ranges are from, and whether that was read or only recalled."""
    if not knows(body.instrument):
        return ()
    one = instrument(body.instrument)
    data = one.form or task_data(Task(body.instrument))
    recalled = any(word == "recalled" for _part, word in data.provenance)
    said = (
        _("Source: {source}; parts of it from memory. Not checked by a clinician.")
        if recalled
        else _("Source: {source}. Not checked by a clinician.")
    )
    return (Words(said.format(source=data.source), soft=True, small=True),)


def _rows(body: CheckinBody) -> tuple[Row, ...]:
    if body.instrument in FORMS:
        return answer_rows(form(body.instrument), body.answers)
    if body.instrument in set(Task):
        return figure_rows(Task(body.instrument), body.answers)
    return ()
