"""Geometry of the two charts: plain numbers, drawn by the templates as SVG with a table behind."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.checkins.scores import questionnaire
from cloud.response.course import FORECAST_SESSIONS, KNOWN_SESSIONS
from cloud.response.forecast import Forecast
from cloud.response.relation import Interval

SHARE_WIDTH, ROW_HEIGHT = 560.0, 72.0
TRAJECTORY_WIDTH, TRAJECTORY_HEIGHT = 620.0, 230.0


@dataclass(frozen=True)
class Whisker:
    """A share with its interval on an axis from 0 to 100 percent."""

    low: float
    value: float
    high: float
    y: float


def whiskers(shares: list[Interval]) -> tuple[Whisker, ...]:
    """Return each share's place, from the top down."""
    return tuple(
        Whisker(
            round(each.low * SHARE_WIDTH, 1),
            round(each.value * SHARE_WIDTH, 1),
            round(each.high * SHARE_WIDTH, 1),
            (number + 0.65) * ROW_HEIGHT,
        )
        for number, each in enumerate(shares)
    )


@dataclass(frozen=True)
class Area:
    """A named background: the instrument's band."""

    y: float
    height: float
    name: str


@dataclass(frozen=True)
class Spot:
    """A score and where it stands."""

    x: float
    y: float
    score: int


@dataclass(frozen=True)
class Trajectory:
    """The scores so far, and the forecast with its interval at the tenth session."""

    areas: tuple[Area, ...]
    first: Spot
    newest: Spot
    expected: Spot
    low: Spot
    high: Spot

    @property
    def fan(self) -> str:
        """From the newest score to both ends of the interval."""
        corners = (self.newest, self.high, self.low)
        return " ".join(f"{each.x:.1f},{each.y:.1f}" for each in corners)


def trajectory(found: Forecast) -> Trajectory:
    """Return where the scores stand, over sessions from the start to the tenth."""
    step = (TRAJECTORY_WIDTH - 60) / FORECAST_SESSIONS
    known, after = 20 + step * KNOWN_SESSIONS, 20 + step * FORECAST_SESSIONS
    return Trajectory(
        areas=_areas(),
        first=_spot(20, found.first),
        newest=_spot(known, found.newest),
        expected=_spot(after, found.expected),
        low=_spot(after, found.low),
        high=_spot(after, found.high),
    )


def _spot(x: float, score: float) -> Spot:
    return Spot(
        x, round(TRAJECTORY_HEIGHT * (1 - score / questionnaire().maximum), 1), round(score)
    )


def _areas() -> tuple[Area, ...]:
    asked = questionnaire()
    scale = TRAJECTORY_HEIGHT / asked.maximum
    areas = []
    for band in asked.bands:
        low = max(0.0, band.lowest - 0.5)
        high = asked.maximum if band.highest == asked.maximum else band.highest + 0.5
        areas.append(Area(TRAJECTORY_HEIGHT - high * scale, (high - low) * scale, band.name))
    return tuple(areas)
