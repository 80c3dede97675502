"""Lanes of what the patient told: side effects by grade, sleep, medicines.

The phone brought it, sealed, and the worker opened it; no band's record holds it.
"""

from __future__ import annotations

from cloud.alerts.told_words import by_code
from cloud.language import _, mark, number, told
from cloud.language.stored import stored
from cloud.timeline.axis import Axis
from cloud.timeline.gathered import Gathered
from cloud.timeline.marks import NOTHING, Lane, Mark, Row, uncrowded
from cloud.timeline.moments import Moment, moments_lane
from shared.care.bodies import CheckinAnswers, MedicineTaken, RedFlag, SideEffects
from shared.instruments.forms import form
from shared.instruments.items import NOT_ASKED, NOT_SAID
from shared.instruments.side_effects import side_effect_rules

EFFECTS_HEIGHT, SLEEP_HEIGHT = 52.0, 72.0
SLEEP, HOURS, QUALITY, MOOD = "sleep-mood", "sleep-hours", "sleep-quality", "mood-now"
HOURS_SHOWN = 12
"""The lane's top; longer nights reach it and have their number."""
GRADES = {
    1: mark("Grade 1, mild"),
    2: mark("Grade 2, moderate"),
    3: mark("Grade 3, severe"),
}


def effects_lane(gathered: Gathered, axis: Axis) -> Lane:
    """Return the lane of side effects: for each day the gravest grade, and red flags."""
    found = [*_effect_rows(gathered, axis), *_flag_rows(gathered, axis)]
    worst: dict[int, int] = {}
    for grade, row in found:
        worst[row.place] = max(worst.get(row.place, 0), grade)
    marks = [_effect_mark(place, grade) for place, grade in sorted(worst.items())]
    return Lane(
        id="effects",
        title=_("Side effects"),
        height=EFFECTS_HEIGHT,
        caption=_("Side effects, as the patient told them after sessions; not verified"),
        heads=(_("Side effect"), _("How strong")),
        empty=_("No answers in these days"),
        rows=tuple(row for _grade, row in sorted(found, key=lambda each: each[1].place)),
        marks=tuple(marks),
    )


def sleep_lane(gathered: Gathered, axis: Axis) -> Lane:
    """Return the lane of hours slept, with quality and mood in its table."""
    nights = [
        (at_ms, form(SLEEP).by_item(each.answers))
        for at_ms, each in gathered.of(CheckinAnswers)
        if each.instrument == SLEEP and len(each.answers) == len(form(SLEEP).items)
    ]
    slept = [(at_ms, said[HOURS]) for at_ms, said in nights if said[HOURS] not in _UNSAID]
    marks = [
        _night(axis.place(at_ms), hours, last=index == len(slept) - 1)
        for index, (at_ms, hours) in enumerate(slept)
    ]
    return Lane(
        id="sleep",
        title=_("Sleep"),
        height=SLEEP_HEIGHT,
        caption=_("Sleep and mood, as the patient told them; not verified"),
        heads=(_("Hours slept"), _("How the patient slept"), _("Mood, 0 to 10")),
        empty=_("No answers in these days"),
        rows=tuple(_night_row(axis, at_ms, said) for at_ms, said in nights),
        marks=uncrowded(marks, axis.window.days),
        notes=(_("hours, to {hours}").format(hours=number(HOURS_SHOWN)),),
    )


def medicine_lane(gathered: Gathered, axis: Axis) -> Lane:
    """Return the lane of the medicine log; a medicine is named where it comes first."""
    taken = (each for _at, each in gathered.entries_of(MedicineTaken))
    lines = sorted(taken, key=lambda each: each.taken_ms)
    named: set[str] = set()
    moments = []
    for each in lines:
        if not gathered.window.has(axis.times.day(each.taken_ms)):
            continue
        label = "" if each.name in named else each.name
        named.add(each.name)
        cells = (each.name, each.dose or NOTHING)
        moments.append(Moment(each.taken_ms, "square", "medicine", cells, label=label))
    return moments_lane(
        moments,
        axis,
        id="medicine",
        title=_("Medicine"),
        caption=_("The patient's medicine log; not verified"),
        heads=(_("Taken at"), _("Medicine"), _("Dose")),
        empty=_("Nothing in the log in these days"),
    )


_UNSAID = (NOT_SAID, NOT_ASKED)
FLAG = 4
"""Above every grade: what is marked as a red flag."""


def effect_words(name: str) -> str:
    """The list's words for a side effect; what it doesn't name only its code names."""
    texts = {effect.id: effect.text for effect in side_effect_rules().effects}
    texts |= {e.red_flag.sign: e.text for e in side_effect_rules().effects if e.red_flag}
    return told(texts[name]) if name in texts else stored(by_code(name))


def _effect_rows(gathered: Gathered, axis: Axis) -> list[tuple[int, Row]]:
    found = []
    for at_ms, effects in gathered.of(SideEffects):
        place = axis.place(at_ms)
        noticed = [each for each in effects.grades if each.grade]
        for each in noticed:
            holds = _holds(each.id, each.grade)
            graded = told(GRADES[each.grade])
            words = effect_words(each.id), f"{graded}, {_('red flag')}" if holds else graded
            grade = FLAG if holds else each.grade
            found.append((grade, Row(place, axis.day(place), words)))
        if not noticed:
            found.append((0, Row(place, axis.day(place), (_("None was noticed."), NOTHING))))
    return found


def _holds(name: str, grade: int) -> bool:
    """Whether this grade of it is a red flag, by the list."""
    return any(each.id == name and each.holds(grade) for each in side_effect_rules().effects)


def _flag_rows(gathered: Gathered, axis: Axis) -> list[tuple[int, Row]]:
    found = []
    for at_ms, flag in gathered.of(RedFlag):
        place = axis.place(at_ms)
        words = _("taken back by the patient") if flag.slip else _("red flag")
        grade = 0 if flag.slip else FLAG
        found.append((grade, Row(place, axis.day(place), (effect_words(flag.what), words))))
    return found


def _effect_mark(place: int, grade: int) -> Mark:
    flag = grade == FLAG
    sign = "!" if flag else str(grade) if grade else ""
    return Mark(
        at=place + 0.5,
        shape="diamond" if flag else "dot",
        kind="flag" if flag else f"grade{grade}",
        y=EFFECTS_HEIGHT / 2,
        label=sign,
        label_y=EFFECTS_HEIGHT / 2 + 5,
    )


def _night(place: int, hours: int, *, last: bool) -> Mark:
    height = round((SLEEP_HEIGHT - 20) * min(hours, HOURS_SHOWN) / HOURS_SHOWN, 1)
    return Mark(
        at=place + 0.5,
        shape="bar",
        kind="slept",
        y=SLEEP_HEIGHT - 2 - height,
        height=height,
        days=1,
        label=_("{hours} h").format(hours=number(hours)) if last or hours > HOURS_SHOWN else "",
        label_y=SLEEP_HEIGHT - height - 7,
    )


def _night_row(axis: Axis, at_ms: int, said: dict[str, int]) -> Row:
    place, quality = axis.place(at_ms), said[QUALITY]
    item = form(SLEEP).item(QUALITY)
    texts = {each.value: each.text for each in item.answers.responses}
    cells = (
        _figure(said[HOURS]),
        told(texts[quality]) if quality in texts else NOTHING,
        _figure(said[MOOD]),
    )
    return Row(place, axis.day(place), cells)


def _figure(value: int) -> str:
    return NOTHING if value in _UNSAID else number(value)
