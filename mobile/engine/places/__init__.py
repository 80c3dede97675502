"""The places beyond the session itself, by name: a button of a place's name opens it."""

from __future__ import annotations

from collections.abc import Mapping

from mobile.engine.places.after import AfterPlace
from mobile.engine.places.between import (
    ActivityPlans,
    Between,
    EntryForm,
    Medicines,
    Notes,
    OneEntry,
    ThoughtRecords,
)
from mobile.engine.places.checkin import Checkin
from mobile.engine.places.checkins import CheckinHistory, Checkins
from mobile.engine.places.course import (
    Charts,
    Course,
    CourseEnd,
    MissedSessions,
    SessionHistory,
)
from mobile.engine.places.messages import Answer, Messages, OneMessage
from mobile.engine.places.place import Opener, Place
from mobile.engine.places.red_flag import RedFlagPlace
from mobile.engine.places.safety_plan import SafetyPlan
from mobile.engine.places.screening import ScreeningPlace
from mobile.engine.places.tasks import DigitSpan, Reaction, Tapping

_ALL: tuple[type[Place], ...] = (
    ActivityPlans,
    AfterPlace,
    Answer,
    Between,
    Charts,
    Checkin,
    CheckinHistory,
    Checkins,
    Course,
    CourseEnd,
    DigitSpan,
    EntryForm,
    Medicines,
    Messages,
    MissedSessions,
    Notes,
    OneEntry,
    OneMessage,
    Reaction,
    RedFlagPlace,
    SafetyPlan,
    ScreeningPlace,
    SessionHistory,
    Tapping,
    ThoughtRecords,
)

PLACES: Mapping[str, Opener] = {place.name: place for place in _ALL}
"""Every place that a button, the bar, or a restart may open."""
