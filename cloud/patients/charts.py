"""Geometry of the charts: plain numbers, drawn by the templates as SVG with a table behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cloud.checkins.models import Scored
from cloud.checkins.scores import questionnaire
from cloud.patients.record import TRIAGE_DAYS, DayDose, TreatmentRecord, daily
from cloud.times import Times
from shared.instruments.change import is_worse

BAR_HEIGHT = 28.0
CHART_DAYS_MIN, CHART_DAYS_MAX = 28, 120
CHART_WIDTH, DOSE_HEIGHT, SCORE_HEIGHT = 1170.0, 96.0, 190.0
LINE_SHARE = 80 / 96
SPARK_WIDTH, SPARK_HEIGHT = 88.0, 16.0


@dataclass(frozen=True)
class DayBar:
    """One day of a dose chart."""

    x: float
    width: float
    height: float
    dose: DayDose
    label: str


@dataclass(frozen=True)
class Point:
    """One score of a chart."""

    x: float
    y: float
    score: int
    label: str


@dataclass(frozen=True)
class BandArea:
    """A named background of the score chart."""

    y: float
    height: float
    name: str


@dataclass(frozen=True)
class DayMark:
    """A date on the shared axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Chart:
    """Dose and score over one time axis."""

    first_label: str
    last_label: str
    prescribed: int | None
    bars: tuple[DayBar, ...]
    points: tuple[Point, ...]
    bands: tuple[BandArea, ...]
    marks: tuple[DayMark, ...]

    @property
    def polyline(self) -> str:
        """The score's line."""
        return " ".join(f"{p.x:.1f},{p.y:.1f}" for p in self.points)


@dataclass(frozen=True)
class Spark:
    """A small line of scores with its last value."""

    polyline: str
    last: Point | None
    worse: bool


def fortnight(record: TreatmentRecord, times: Times, now_ms: int) -> tuple[DayBar, ...]:
    """Return the bars of the last 14 days, 16 units apart."""
    today = times.day(now_ms)
    days = daily(record, times, today - timedelta(days=TRIAGE_DAYS - 1), today)
    top = max((dose.planned for dose in days), default=0)
    return tuple(
        DayBar(n * 16.0, 12.0, _height(dose.charged, top, BAR_HEIGHT), dose, _day_label(dose.day))
        for n, dose in enumerate(days)
    )


def spark(checkins: tuple[Scored, ...]) -> Spark:
    """Return the newest eight scores as a small line."""
    newest = checkins[-8:]
    top = questionnaire().maximum
    step = SPARK_WIDTH / max(1, len(newest) - 1)
    points = tuple(
        Point(
            n * step if len(newest) > 1 else SPARK_WIDTH,
            SPARK_HEIGHT * (1 - (c.score or 0) / top),
            c.score or 0,
            "",
        )
        for n, c in enumerate(newest)
    )
    worse = len(points) > 1 and is_worse(questionnaire(), points[-2].score, points[-1].score)
    line = " ".join(f"{p.x:.1f},{p.y:.1f}" for p in points)
    return Spark(line, points[-1] if points else None, worse)


def course_chart(
    record: TreatmentRecord, times: Times, prescribed: int | None, *, now_ms: int
) -> Chart:
    """Return dose and score from the treatment's beginning (four weeks at least) to today."""
    today = times.day(now_ms)
    first = _first_day(record, times, today)
    last = max(today, first + timedelta(days=CHART_DAYS_MIN - 1))
    days = daily(record, times, first, today)
    step = CHART_WIDTH / ((last - first).days + 1)
    top = max([prescribed or 0, *(dose.charged for dose in days)])
    bars = tuple(
        DayBar(
            (dose.day - first).days * step + step * 0.2,
            min(24.0, step * 0.6),
            _height(dose.charged, top, DOSE_HEIGHT * LINE_SHARE),
            dose,
            _day_label(dose.day),
        )
        for dose in days
        if dose.sessions
    )
    return Chart(
        first_label=_day_label(first),
        last_label=_day_label(last),
        prescribed=prescribed,
        bars=bars,
        points=_points(record.checkins, times, first, last, step),
        bands=_bands(),
        marks=tuple(
            DayMark(n * step + step * 0.2, _day_label(first + timedelta(days=n)))
            for n in range(0, (last - first).days + 1, 7)
        ),
    )


def _first_day(record: TreatmentRecord, times: Times, today: date) -> date:
    first = times.day(record.patient.created_ms)
    known = [times.day(s.opened_ms) for s in record.sessions if s.opened_ms is not None]
    known += [times.day(c.answered_ms) for c in record.checkins]
    earliest = min([first, *known])
    return max(min(earliest, today), today - timedelta(days=CHART_DAYS_MAX - 1))


def _points(
    checkins: tuple[Scored, ...], times: Times, first: date, last: date, step: float
) -> tuple[Point, ...]:
    top = questionnaire().maximum
    found = []
    for checkin in checkins:
        day = times.day(checkin.answered_ms)
        if first <= day <= last and checkin.score is not None:
            x = (day - first).days * step + step * 0.2 + min(12.0, step * 0.3)
            y = SCORE_HEIGHT * (1 - checkin.score / top)
            found.append(Point(x, y, checkin.score, _day_label(day)))
    return tuple(found)


def _bands() -> tuple[BandArea, ...]:
    asked = questionnaire()
    scale = SCORE_HEIGHT / asked.maximum
    areas = []
    for band in asked.bands:
        low = max(0, band.lowest - 0.5) if band.lowest else 0
        high = asked.maximum if band.highest == asked.maximum else band.highest + 0.5
        areas.append(BandArea(SCORE_HEIGHT - high * scale, (high - low) * scale, band.name))
    return tuple(areas)


def _height(value: int, top: int, height: float) -> float:
    return round(height * value / top, 1) if top else 0.0


def _day_label(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
