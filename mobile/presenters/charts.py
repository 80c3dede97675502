"""Charts of a course over one time axis: symptoms in their bands, and what was given."""

from __future__ import annotations

from collections.abc import Sequence

from mobile.language import _, n_, p_, told
from mobile.presenters.calendar_words import day_of, on_day, several, short_date
from mobile.presenters.course_facts import CourseFacts, Sitting
from mobile.presenters.page import (
    Axis,
    Bar,
    BarKind,
    Block,
    Chart,
    Charts,
    Dot,
    PageView,
    Push,
    Tick,
    Words,
    Zone,
)
from mobile.presenters.task_words import limits_words, milliseconds
from mobile.presenters.words import Now, first_capital
from shared.instruments import diary
from shared.instruments.forms import FORMS, form
from shared.instruments.questionnaire import Questionnaire, Task
from shared.wire.items import CheckinBody

RISING = ("sleep-mood",)
"""Forms whose score is better the higher it is, by the words at the ends of its scale; the others
count complaints."""
LEAST_DAYS = 14
MOST_TICKS = 4
REACTION_TOP_MS = 600
SPAN_TOP, TAPS_TOP = 9, 100


def charts_view(facts: CourseFacts) -> PageView:
    """Return symptoms, dose and tasks, each in picture and words."""
    axis = axis_of(facts)
    charts = (*symptom_charts(facts), *dose_chart(facts), *task_charts(facts))
    return PageView(
        name="charts",
        title=_("How it went"),
        subtitle=_("From {day} to today").format(day=on_day(facts.now, facts.began)),
        blocks=(
            *((Charts(axis, charts),) if charts else (_nothing_yet(),)),
            *_diary_words(facts),
            *_task_limits(facts),
        ),
        foot=(Push(_("Back"), "back"),),
        help_button=_("Emergency"),
    )


def _nothing_yet() -> Words:
    return Words(_("Nothing to draw yet. Your answers and sessions come here."), soft=True)


def axis_of(facts: CourseFacts) -> Axis:
    """Return the axis that all charts share: whole days, the last one today or later."""
    days = max(LEAST_DAYS, facts.today - facts.began + 1)
    step = -(-days // MOST_TICKS)
    ticks = tuple(
        Tick(number + 0.5, short_date(facts.began + number)) for number in range(0, days, step)
    )
    return Axis(float(days), ticks)


def _at(facts: CourseFacts, wall_ms: int) -> float:
    """Where on the axis an instant lies: the middle of its day."""
    return day_of(facts.now, wall_ms) - facts.began + 0.5


# Symptoms


def symptom_charts(facts: CourseFacts) -> tuple[Chart, ...]:
    """Return a chart for each scored questionnaire that was answered."""
    charts = []
    for form_id in FORMS:
        asked = form(form_id)
        scores = scores_of(asked, facts.answers)
        if scores:
            charts.append(_symptom_chart(facts, asked, scores))
    return tuple(charts)


def scores_of(asked: Questionnaire, answers: Sequence[CheckinBody]) -> list[tuple[int, int]]:
    """Return instant and score of each answer that has one, the oldest first."""
    return [
        (body.answered_ms, score.total)
        for body in answers
        if body.instrument == asked.id and (score := asked.scored(body.answers)) is not None
    ]


def _symptom_chart(
    facts: CourseFacts, asked: Questionnaire, scores: list[tuple[int, int]]
) -> Chart:
    last = scores[-1][1]
    return Chart(
        title=_chart_title(asked),
        highest=asked.maximum,
        words=score_words(facts.now, asked, scores),
        zones=tuple(Zone(b.lowest, b.highest, told(b.name)) for b in asked.bands),
        dots=tuple(Dot(_at(facts, at_ms), total) for at_ms, total in scores),
        last=p_("a value in a chart", "{number}").format(number=last),
        key=" ".join((_better(falls=asked.id not in RISING), *_zone_words(asked))),
    )


def _better(*, falls: bool) -> str:
    """Which direction is better, for who doesn't see it from the picture."""
    return _("Lower is better.") if falls else _("Higher is better.")


def _zone_words(asked: Questionnaire) -> tuple[str, ...]:
    """Return what the ranges are called: in the picture not each name has room."""
    ranges = [
        _("{lowest} to {highest}: {name}").format(
            lowest=band.lowest, highest=band.highest, name=told(band.name)
        )
        for band in asked.bands
    ]
    return (_("{what}.").format(what=", ".join(ranges)),) if ranges else ()


def _chart_title(asked: Questionnaire) -> str:
    return p_("title of a chart", "{name}, 0 to {highest}. {label}").format(
        name=told(asked.title),
        highest=asked.maximum,
        label=first_capital(told(asked.wording_label)),
    )


def score_words(now: Now, asked: Questionnaire, scores: Sequence[tuple[int, int]]) -> str:
    """Return a line of scores in words: first, last with its band, lowest and highest."""
    (first_ms, first), (last_ms, last) = scores[0], scores[-1]
    band = asked.band_of(last)
    if len(scores) == 1:
        said = _("{day}: {score}").format(day=first_capital(_on(now, last_ms)), score=last)
    else:
        said = _("{first_day}: {first}. {last_day}: {last}").format(
            first=first,
            first_day=first_capital(_on(now, first_ms)),
            last=last,
            last_day=first_capital(_on(now, last_ms)),
        )
    if band:
        said = _("{what}, {band}").format(what=said, band=told(band))
    if len(scores) < 3:
        return _("{what}.").format(what=said)
    totals = [total for _ms, total in scores]
    return _("{what}. {count} answers; lowest {lowest}, highest {highest}.").format(
        what=said, count=len(totals), lowest=min(totals), highest=max(totals)
    )


def _on(now: Now, wall_ms: int) -> str:
    return on_day(now, day_of(now, wall_ms))


# Dose


def dose_chart(facts: CourseFacts) -> tuple[Chart, ...]:
    """Return prescribed as a line, given as bars, missed as crosses; none without a session."""
    missed = [one for one in facts.outlook.days if one.missed] if facts.outlook else []
    if not facts.sittings and not missed:
        return ()
    planned = [one.planned_pulses for one in facts.sittings]
    if facts.prescription is not None:
        planned.append(facts.prescription.pulses_per_session)
    by_day = _by_day(facts)
    top = max([*planned, *(sum(one.given for one in day) for day in by_day.values())])
    bars = [
        *(_bar(day - facts.began, sittings) for day, sittings in by_day.items()),
        *(Bar(one.day - facts.began + 0.5, 0, BarKind.MISSED) for one in missed if not one.given),
    ]
    return (
        Chart(
            title=_("Pulses a day"),
            highest=top,
            words=dose_words(facts, len(missed) and sum(one.missed for one in missed)),
            bars=tuple(sorted(bars, key=lambda bar: bar.at)),
            line=_prescribed(facts),
            line_name=_("prescribed"),
        ),
    )


def _by_day(facts: CourseFacts) -> dict[int, list[Sitting]]:
    days: dict[int, list[Sitting]] = {}
    for one in facts.sittings:
        days.setdefault(day_of(facts.now, one.at_ms), []).append(one)
    return days


def _bar(offset: int, sittings: Sequence[Sitting]) -> Bar:
    given = sum(one.given for one in sittings)
    if all(one.completed for one in sittings):
        return Bar(offset + 0.5, given, BarKind.WHOLE)
    label = p_("a value in a chart", "{number}").format(number=given)
    return Bar(offset + 0.5, given, BarKind.PARTIAL, label)


def _prescribed(facts: CourseFacts) -> tuple[Dot, ...]:
    """What one session was to give, from each day on which that changed."""
    steps: list[Dot] = []
    for one in facts.sittings:
        at = 0.0 if not steps else float(day_of(facts.now, one.at_ms) - facts.began)
        if not steps or steps[-1].value != one.planned_pulses:
            steps.append(Dot(at, one.planned_pulses))
    if not steps and facts.prescription is not None:
        steps.append(Dot(0.0, facts.prescription.pulses_per_session))
    return tuple(steps)


def dose_words(facts: CourseFacts, missed: int) -> str:
    """Return what was prescribed, given, given in part and missed, in numbers that add up."""
    whole = sum(one.completed for one in facts.sittings)
    partial = [one for one in facts.sittings if not one.completed]
    total = sum(one.given for one in facts.sittings)
    parts = [n_("{count} whole session", "{count} whole sessions", whole).format(count=whole)]
    if partial:
        numbers = several(
            [
                _("{given} of {planned}").format(given=one.given, planned=one.planned_pulses)
                for one in partial[-3:]
            ]
        )
        parts.append(_("{count} in part ({numbers})").format(count=len(partial), numbers=numbers))
    if missed:
        parts.append(n_("{count} missed", "{count} missed", missed).format(count=missed))
    all_pulses = n_("{count:,} pulse in all", "{count:,} pulses in all", total).format(count=total)
    return _("{sessions}. {pulses}.").format(sessions=several(parts), pulses=all_pulses)


# Diary and tasks


def _diary_words(facts: CourseFacts) -> tuple[Block, ...]:
    asked = form("headache-diary")
    entries = [
        diary.Entry(day_of(facts.now, body.answered_ms), asked.by_item(body.answers))
        for body in facts.answers
        if body.instrument == asked.id
    ]
    if not entries:
        return ()
    found = diary.headache_days(entries, last_day=facts.today)
    words = _(
        "Headache diary, last 28 days: {entered} days entered, {headache} with headache, "
        "{migraine} of them like migraine, {medicine} with a medicine."
    ).format(
        entered=found.entered,
        headache=found.headache,
        migraine=found.migraine,
        medicine=found.medicine,
    )
    return (Words(words),)


def task_charts(facts: CourseFacts) -> tuple[Chart, ...]:
    """Return a chart for each task that was done."""
    return (
        *_task_chart(facts, Task.REACTION, 1, _("Quick touch, ms"), REACTION_TOP_MS),
        *_task_chart(facts, Task.DIGIT_SPAN, 0, _("Figures remembered, forward"), SPAN_TOP),
        *_task_chart(facts, Task.TAPPING, 0, _("Taps in 10 seconds, weaker hand"), TAPS_TOP),
    )


def _task_chart(
    facts: CourseFacts, task: Task, figure: int, title: str, top: int
) -> tuple[Chart, ...]:
    done = [
        body for body in facts.answers if body.instrument == task and len(body.answers) > figure
    ]
    if not done:
        return ()
    values = [(body.answered_ms, body.answers[figure]) for body in done]
    last = values[-1][1]
    say = milliseconds if task is Task.REACTION else _number
    words = n_(
        "{day}: {value}. Done once.", "{day}: {value}. Done {count} times.", len(values)
    ).format(value=say(last), day=first_capital(_on(facts.now, values[-1][0])), count=len(values))
    dots = tuple(Dot(_at(facts, at_ms), value) for at_ms, value in values)
    highest = max([top, *(value for _ms, value in values)])
    key = _better(falls=task is Task.REACTION)
    return (
        Chart(title=title, highest=highest, words=words, dots=dots, last=_number(last), key=key),
    )


def _number(number: int) -> str:
    return p_("a value in a chart", "{number}").format(number=number)


def _task_limits(facts: CourseFacts) -> tuple[Block, ...]:
    done = [task for task in Task if any(body.instrument == task for body in facts.answers)]
    words = dict.fromkeys(limits_words(task) for task in done)
    return tuple(Words(each, soft=True, small=True) for each in words)
