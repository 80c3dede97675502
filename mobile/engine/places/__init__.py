"""The places beyond the session itself, by name: a button of a place's name opens it."""

from __future__ import annotations

from collections.abc import Mapping

from mobile.engine.places.checkin import Checkin
from mobile.engine.places.checkins import CheckinHistory, Checkins
from mobile.engine.places.course import (
    Charts,
    Course,
    CourseEnd,
    MissedSessions,
    SessionHistory,
)
from mobile.engine.places.place import Opener, Place
from mobile.engine.places.safety_plan import SafetyPlan

_ALL: tuple[type[Place], ...] = (
    Charts,
    Checkin,
    CheckinHistory,
    Checkins,
    Course,
    CourseEnd,
    MissedSessions,
    SafetyPlan,
    SessionHistory,
)

PLACES: Mapping[str, Opener] = {place.name: place for place in _ALL}
"""Every place that a button, the bar, or a restart may open."""
