"""Geometry of the charts: plain numbers, drawn by the templates as SVG with a table behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cloud.checkins.models import Scored
from cloud.checkins.scores import questionnaire
from cloud.language import day
from cloud.patients.record import TRIAGE_DAYS, DayDose, TreatmentRecord, daily
from cloud.times import Times
from shared.instruments.change import is_worse

BAR_HEIGHT = 28.0
SPARK_WIDTH, SPARK_HEIGHT = 88.0, 16.0
SPARK_SCORES = 8


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
    newest = checkins[-SPARK_SCORES:]
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


def _height(value: int, top: int, height: float) -> float:
    return round(height * value / top, 1) if top else 0.0


def _day_label(when: date) -> str:
    return day(when)
