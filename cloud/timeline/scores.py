"""Lanes of questionnaires: named bands, each score, and whether a change matters by the source."""

from __future__ import annotations

from itertools import pairwise

from cloud.checkins.models import Scored
from cloud.checkins.scores import questionnaire
from cloud.language import _, n_, number, told
from cloud.timeline.axis import Axis
from cloud.timeline.gathered import Gathered
from cloud.timeline.marks import NOTHING, Area, Lane, Line, Mark, Row, Rule, uncrowded
from shared.instruments.change import between, is_worse
from shared.instruments.forms import FORMS, form
from shared.instruments.questionnaire import Questionnaire

HEIGHT, SMALL = 190.0, 96.0
MARGIN = 14.0
"""Above the highest score and beneath the lowest, so that a label there is whole."""
ONLY_IN_SLEEP = "sleep-mood"


def score_lanes(gathered: Gathered, axis: Axis) -> tuple[Lane, ...]:
    """Return the lane of the pages' questionnaire, and one of each other that has a score here."""
    by_form: dict[str, list[Scored]] = {questionnaire().id: []}
    for each in gathered.scores:
        if each.score is not None and each.instrument in FORMS:
            by_form.setdefault(each.instrument, []).append(each)
    by_form.pop(ONLY_IN_SLEEP, None)
    return tuple(_lane(form(name), found, axis) for name, found in by_form.items())


def _lane(asked: Questionnaire, found: list[Scored], axis: Axis) -> Lane:
    height = HEIGHT if asked.id == questionnaire().id else SMALL
    points = [(_middle(axis, each), _y(asked, each.score or 0, height)) for each in found]
    return Lane(
        id=asked.id,
        title=asked.id.upper(),
        height=height,
        caption=_("{title} ({name}), {wording}").format(
            title=told(asked.title), name=asked.id.upper(), wording=told(asked.wording_label)
        ),
        heads=(
            _("Score of {maximum}").format(maximum=number(asked.maximum)),
            _("Score band"),
            _("Since the one before"),
        ),
        empty=_("No answers in these days"),
        rows=_rows(asked, found, axis),
        marks=uncrowded(_marks(asked, found, points), axis.window.days),
        areas=_areas(asked, height),
        rules=_rules(asked, found, points, height),
        line=Line(tuple(points)) if len(points) > 1 else None,
        notes=(told(asked.title), told(asked.wording_label)),
        summary=change_in_words(asked, found),
    )


def change_in_words(asked: Questionnaire, found: list[Scored]) -> str:
    """Say what became of the score from the first to the last, and whether that matters."""
    if len(found) < 2:
        return ""
    course = between(asked, found[0].score or 0, found[-1].score or 0)
    words = [
        _("From {first} to {last}.").format(first=number(course.first), last=number(course.last))
    ]
    if course.meaningful is None:
        words.append(_("Its source says of no change that it matters."))
    elif course.points == 0 or not course.meaningful:
        words.append(_("Too small a change to matter by its source."))
    elif course.points > 0:
        words.append(_("Worse, by so much that it matters by its source."))
    else:
        words.append(_("Better, by so much that it matters by its source."))
    if course.response:
        words.append(_("A response by its source."))
    if course.remission:
        words.append(_("In remission by its source."))
    return " ".join(words)


def _marks(
    asked: Questionnaire, found: list[Scored], points: list[tuple[float, float]]
) -> list[Mark]:
    worse = _worse(asked, found)
    return [
        Mark(
            at=at,
            shape="up" if bad else "dot",
            kind="worse" if bad else "score",
            y=y,
            label=number(each.score or 0),
            label_y=y - 12,
        )
        for each, (at, y), bad in zip(found, points, worse, strict=True)
    ]


def _worse(asked: Questionnaire, found: list[Scored]) -> list[bool]:
    """Which scores have risen since the one before by so much that it matters."""
    scores = [each.score or 0 for each in found]
    return [False, *(is_worse(asked, a, b) for a, b in pairwise(scores))][: len(scores)]


def _rows(asked: Questionnaire, found: list[Scored], axis: Axis) -> tuple[Row, ...]:
    rows, before = [], None
    for each, bad in zip(found, _worse(asked, found), strict=True):
        place, score = axis.place(each.answered_ms), each.score or 0
        cells = number(score), told(asked.band_of(score)) or NOTHING, _moved(before, score, bad)
        rows.append(Row(place, axis.day(place), cells))
        before = score
    return tuple(rows)


def _moved(before: int | None, score: int, worse: bool) -> str:
    if before is None:
        return NOTHING
    points = abs(score - before)
    if score == before:
        return _("the same")
    if score < before:
        return n_("{count} point fewer", "{count} points fewer", points).format(count=points)
    words = n_("{count} point more", "{count} points more", points).format(count=points)
    return _("{points}: worse").format(points=words) if worse else words


def _areas(asked: Questionnaire, height: float) -> tuple[Area, ...]:
    areas = []
    for place, band in enumerate(asked.bands, start=1):
        top = 0.0 if band.highest == asked.maximum else _y(asked, band.highest + 0.5, height)
        bottom = height if band.lowest == 0 else _y(asked, band.lowest - 0.5, height)
        areas.append(Area(top, round(bottom - top, 1), told(band.name), place))
    return tuple(areas)


def _rules(
    asked: Questionnaire, found: list[Scored], points: list[tuple[float, float]], height: float
) -> tuple[Rule, ...]:
    """Where, by points, a change from the first score begins to matter."""
    by = asked.change.points
    if len(found) < 2 or by is None:
        return ()
    first, (at, _), days = found[0].score or 0, points[0], points[-1][0] - points[0][0]
    levels = [each for each in (first - by, first + by) if 0 <= each <= asked.maximum]
    return tuple(Rule(at, round(days, 3), _y(asked, each, height), "change") for each in levels)


def _middle(axis: Axis, each: Scored) -> float:
    return axis.place(each.answered_ms) + 0.5


def _y(asked: Questionnaire, score: float, height: float) -> float:
    return round(MARGIN + (height - 2 * MARGIN) * (1 - score / asked.maximum), 1)
