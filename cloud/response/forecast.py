"""One patient's forecast, or in words why there is none. Pure but for asking the regression.

It changes nothing by itself: it is a line on a page for who prescribes.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.checkins.scores import questionnaire
from cloud.language import _, mark, number, told
from cloud.response.asking import fitted_to
from cloud.response.cohort import Cohort, TenSessions
from cloud.response.course import (
    KNOWN_SESSIONS,
    Early,
    LeftOut,
    after_ten,
    begun,
    early,
)
from cloud.response.facts import Answer, Facts
from cloud.response.fitted import NAMES, SHOWN, Fitted, Learned
from shared.instruments.change import between
from shared.instruments.questionnaire import Questionnaire

MIN_PATIENTS = 40
"""With fewer patients in the cohort nothing is forecast: of 40, 16 measure the interval (own)."""
MIN_OF_PROTOCOL = 10
"""Nor for a protocol that fewer patients of the cohort have (own figure)."""
FIGURES = {
    "first": mark("first score"),
    "change": mark("change of the score so far"),
    "days": mark("days from the first to the fifth session"),
    "partial": mark("broken-off sessions among the first five"),
}


@dataclass(frozen=True)
class CannotSay:
    """Why nothing is forecast."""

    why: str


@dataclass(frozen=True)
class Forecast:
    """The score after ten sessions: expected, and the interval that holds for four of five.

    ``no_change`` says that even the lower end is no change that matters, by the instrument's own
    rule, from the first score; ``change`` says that rule with its source.
    """

    first: int
    newest: int
    expected: float
    low: float
    high: float
    patients: int
    no_change: bool
    change: str


def learned(cohort: Cohort[TenSessions]) -> list[Learned]:
    """Return the rows that the regression learns from."""
    return [Learned(each.found.known.values, each.found.score) for each in cohort.members]


def fitted(cohort: Cohort[TenSessions]) -> Fitted | CannotSay:
    """Return the regression of a cohort, or why there is none; raise NotWorkedOut."""
    count = len(cohort.members)
    if count < MIN_PATIENTS:
        words = _("The cohort has {count} patients; from {least} on it can say something.")
        return CannotSay(words.format(count=number(count), least=MIN_PATIENTS))
    found = fitted_to(learned(cohort))
    if found.skill_low <= 0:
        words = _(
            "On patients it had not seen, the model was not surely better than the cohort's "
            "average. So this cohort does not let a single patient be forecast."
        )
        return CannotSay(words)
    return found


def forecast_of(facts: Facts, cohort: Cohort[TenSessions]) -> Forecast | CannotSay:
    """Return one patient's forecast; raise NotWorkedOut."""
    known = _known(facts)
    if isinstance(known, CannotSay):
        return known
    model = fitted(cohort)
    if isinstance(model, CannotSay):
        return model
    outside = _outside(known, model, cohort)
    if outside:
        return CannotSay(outside)
    expected, half = model.expected(known.values), model.half_widths[SHOWN]
    top = questionnaire().maximum
    low, high = max(0.0, expected - half), min(float(top), expected + half)
    best = between(questionnaire(), known.first, round(low))
    return Forecast(
        first=known.first,
        newest=known.first + known.change,
        expected=min(max(expected, 0.0), float(top)),
        low=low,
        high=high,
        patients=model.patients,
        no_change=low >= known.first or not best.meaningful,
        change=change_in_words(questionnaire()),
    )


def change_in_words(asked: Questionnaire) -> str:
    """Return from which change of a total on it matters, who says so, and how that is known."""
    return _("from {points} points on one does; {source}, {how}").format(
        points=number(asked.change.points or 0),
        source=asked.source,
        how=told(dict(asked.provenance)["change"]),
    )


def _known(facts: Facts) -> Early | CannotSay:
    problem = begun(facts)
    if problem is LeftOut.FLAWED:
        return CannotSay(_("Something wrong with the band's record stands. Clear it first."))
    if problem is LeftOut.NOT_BEGUN:
        return CannotSay(_("No treatment stands in a verified record yet."))
    if problem is LeftOut.NO_CLOCK:
        words = _("The band had lost its clock in one of the sessions: when it was is not known.")
        return CannotSay(words)
    past = after_ten(facts)
    if isinstance(past, Answer):
        words = _("The tenth session is past. The score after it was {score}.")
        return CannotSay(words.format(score=past.score))
    if past is LeftOut.NO_SCORE_AFTER_TEN:
        return CannotSay(
            _("The tenth session is past. There is no score of the week after it so far.")
        )
    known = early(facts)
    if known is LeftOut.FEW_SESSIONS:
        words = _("A forecast needs {least} sessions; so far there were {count}.")
        return CannotSay(words.format(least=KNOWN_SESSIONS, count=len(facts.treatments)))
    if known is LeftOut.NO_FIRST_SCORE:
        return CannotSay(_("There is no score of the two weeks before the second session."))
    if isinstance(known, LeftOut):
        return CannotSay(_("There is no second score before the sixth session yet."))
    return known


def _outside(known: Early, model: Fitted, cohort: Cohort[TenSessions]) -> str:
    """Say in which figure the patient is unlike everybody in the cohort; empty where in none."""
    same = sum(each.facts.protocol_id == known.protocol_id for each in cohort.members)
    if same < MIN_OF_PROTOCOL:
        words = _("{count} patients of the cohort have this protocol; it takes {least}.")
        return words.format(count=same, least=MIN_OF_PROTOCOL)
    spans = zip(NAMES, known.values, model.lowest, model.highest, strict=True)
    for name, value, lowest, highest in spans:
        if not lowest <= value <= highest:
            words = _(
                "Nobody in the cohort was like this: {figure} is {value}, and the cohort's lie "
                "from {lowest} to {highest}."
            )
            return words.format(
                figure=told(FIGURES[name]),
                value=number(round(value)),
                lowest=number(round(lowest)),
                highest=number(round(highest)),
            )
    return ""
