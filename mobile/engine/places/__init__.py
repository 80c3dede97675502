"""The places beyond the session itself, by name: a button of a place's name opens it."""

from __future__ import annotations

from collections.abc import Mapping

from mobile.engine.places.about import About
from mobile.engine.places.after import AfterPlace
from mobile.engine.places.app_lock import AppLockSetting
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
from mobile.engine.places.close_by import CloseBy
from mobile.engine.places.consents import Consents, FirstConsents
from mobile.engine.places.course import Charts, Course, CourseEnd, MissedSessions, SessionHistory
from mobile.engine.places.diagnostics import Diagnostics
from mobile.engine.places.emergency_card import EmergencyCard
from mobile.engine.places.erase import Erase
from mobile.engine.places.help_page import Help
from mobile.engine.places.history import History
from mobile.engine.places.leaving import AnotherBand, ChangeOfClinic, ReturnBand
from mobile.engine.places.lessons import Lessons
from mobile.engine.places.looks import WhoLooked
from mobile.engine.places.messages import Answer, Messages, OneMessage
from mobile.engine.places.phones import LostPhone, NewPhone
from mobile.engine.places.place import Opener, Place
from mobile.engine.places.practice import Practice
from mobile.engine.places.red_flag import RedFlagPlace
from mobile.engine.places.reminder_settings import ReminderSettingsPlace
from mobile.engine.places.safety_plan import SafetyPlan
from mobile.engine.places.screening import ScreeningPlace
from mobile.engine.places.settings import Settings
from mobile.engine.places.tasks import DigitSpan, Reaction, Tapping
from mobile.engine.places.travel import Travel

_ALL: tuple[type[Place], ...] = (
    About,
    ActivityPlans,
    AfterPlace,
    AnotherBand,
    Answer,
    AppLockSetting,
    Between,
    ChangeOfClinic,
    Charts,
    Checkin,
    CheckinHistory,
    Checkins,
    CloseBy,
    Consents,
    Course,
    CourseEnd,
    Diagnostics,
    DigitSpan,
    EmergencyCard,
    EntryForm,
    Erase,
    FirstConsents,
    Help,
    History,
    Lessons,
    LostPhone,
    Medicines,
    Messages,
    MissedSessions,
    NewPhone,
    Notes,
    OneEntry,
    OneMessage,
    Practice,
    Reaction,
    RedFlagPlace,
    ReminderSettingsPlace,
    ReturnBand,
    SafetyPlan,
    ScreeningPlace,
    SessionHistory,
    Settings,
    Tapping,
    ThoughtRecords,
    Travel,
    WhoLooked,
)

PLACES: Mapping[str, Opener] = {place.name: place for place in _ALL}
"""Every place that a button, the bar, or a restart may open."""
