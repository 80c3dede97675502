"""Samples of arriving, learning, help, settings, lock and card, made by their presenters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from firmware_bridge.link import LinkLost, LinkState
from mobile.engine.link_words import link_words
from mobile.engine.unsent import waiting_words
from mobile.language import _
from mobile.lessons import LESSONS
from mobile.presenters import (
    about,
    app_lock,
    close_by,
    consents,
    diagnostics,
    emergency_card,
    erasing,
    help_page,
    history,
    lessons,
    practice,
    reminder_settings,
    settings,
    welcome,
)
from mobile.presenters.consent_sections import SECTIONS
from mobile.presenters.link_states import link_state_words
from mobile.presenters.reach import Reach, clinic_calls
from mobile.presenters.views import View
from mobile.presenters.words import Now, clock_time, day_and_time
from mobile.reminders import ReminderSettings
from mobile.store import StoreFull
from mobile.store.outbox import Waiting
from shared.wire.items import UpKind
from tests.mobile.screens.drawn_as import drawn_as
from tests.mobile.screens.samples_close import INVITED

CLINIC = "Clinic at the river"
NUMBER = "030 23125 001"
EMERGENCY = "112"
REACH = Reach(CLINIC, NUMBER, open_now=True)
NOW = Now(1_796_047_200_000, UTC)
"""Two in the afternoon, while the clinic is open."""
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
KNOWN = frozenset(
    (
        *("messages", "safety-plan", "emergency-card", "travel", "lost-phone", "new-phone"),
        *("change-of-clinic", "lessons", "practice", "history", "settings", "about", "app-lock"),
        *("consents", "who-looked", "diagnostics", "erase", "reminder-settings", "close-by"),
    )
)
HELP = help_page.HelpFacts(
    CLINIC,
    NUMBER,
    _("Open until {time}").format(time=clock_time(NOW, NOW.wall_ms + 3 * HOUR_MS)),
    KNOWN,
    unread=1,
)
SETTINGS = settings.SettingsFacts(
    look=drawn_as(),
    cues=frozenset({settings.SOUND, settings.VIBRATION}),
    voice_words=_("Cues are spoken by this phone's voice."),
    cue_words=_("This phone plays sounds and vibrates."),
    hidden=True,
    can_hide=True,
    caregiver_name="Ada Berg",
    caregiver_number="030 23125 007",
    caregiver_sees=close_by.short_state(INVITED),
    lock_is_on=True,
    known=KNOWN,
)
CARD = emergency_card.CardFacts(
    "T.P.", CLINIC, NUMBER, "030 23125 002", EMERGENCY, "Ada Berg", "030 23125 007",
    _("Last session: {when}.").format(
        when=day_and_time(NOW, NOW.wall_ms - 18 * HOUR_MS - 29 * 60_000)
    ),
)  # fmt: skip
PAST = history.HistoryFacts(
    NOW,
    tuple(
        history.PastSession(
            number,
            NOW.wall_ms - (8 - number) * 86_400_000,
            600 if number != 4 else 180,
            600,
            completed=number != 4,
        )
        for number in range(7, 0, -1)
    ),
    checkins=12,
)
ERASE = erasing.EraseFacts(
    waiting_words(
        NOW,
        (
            Waiting(UpKind.CHECKIN, NOW.wall_ms - HOUR_MS),
            Waiting(UpKind.SESSION_LOG, NOW.wall_ms - DAY_MS),
            *[Waiting(UpKind.RECORD, NOW.wall_ms - DAY_MS)] * 12,
        ),
    ),
    reachable=False,
)
DIAGNOSTICS = diagnostics.DiagnosticFacts(
    now=NOW,
    app_version="0.1.0",
    system="Linux 6.1, Python 3.11.7",
    phone_id="a91f03c2",
    device_id="0badc0de",
    link_state=link_state_words(LinkState.READY),
    last_error="link.timeout",
    band_firmware="1.4.0",
    heard_wall_ms=NOW.wall_ms - 60_000,
    synced_wall_ms=NOW.wall_ms - 3_600_000,
    waiting=14,
    refused=0,
    for_newer=1,
    keys_words=_("Keys are kept by this phone's own keystore."),
    language=SETTINGS.look.language,
    card_serial=4,
)
ABOUT = about.AboutFacts("0.1.0", 1, (about.Work("kivy", "2.3.1", "MIT"),))
FIRST, LAST = LESSONS[0], LESSONS[-1]
RIGHT = FIRST.right
WRONG = next(place for place in range(len(FIRST.answers)) if place != RIGHT)
RUNNING = practice.PracticeFacts(since_ms=21_000, linked=True, stop_waits=False, may_leave=False)


def _lesson_samples() -> Mapping[str, View]:
    count = len(LESSONS)
    return {
        f"lesson-{lesson.id}": lessons.lesson_page(lesson, number, count, emergency=EMERGENCY)
        for number, lesson in enumerate(LESSONS, start=1)
    } | {
        f"lesson-{lesson.id}-asked": lessons.question_page(
            lesson, number, count, None, emergency=EMERGENCY
        )
        for number, lesson in enumerate(LESSONS, start=1)
    }


def _consent_samples() -> Mapping[str, View]:
    return {
        f"consent-{section.id}": consents.section_page(
            section, number, len(SECTIONS), reach=REACH, chosen=None
        )
        for number, section in enumerate(SECTIONS, start=1)
    }


SAMPLES_HOME: dict[str, View] = {
    "letter-link": welcome.welcome_view(code="demo-clinic-A0B1-CC22-ZY9X"),
    "hold-the-button": welcome.find_band_view(),
    "system-dialog": welcome.compare_view(492718, seconds_left=104),
    "press-once-more": welcome.settle_view(press_button=True, seconds_left=52),
    "sharing": consents.sharing_page(CLINIC),
    **_consent_samples(),
    "consent-refused": consents.section_page(
        SECTIONS[0], 1, len(SECTIONS), reach=REACH, chosen=False
    ),
    "consents": consents.list_page({section.id: True for section in SECTIONS[:3]}),
    "consent-one": consents.one_page(SECTIONS[1], clinic_name=CLINIC, holds=True, asked=False),
    "consent-withdraw": consents.one_page(SECTIONS[0], clinic_name=CLINIC, holds=True, asked=True),
    "consent-taken-back": consents.one_page(
        SECTIONS[0], clinic_name=CLINIC, holds=False, asked=False, band=consents.Band.HELD
    ),
    "lessons": lessons.overview(LESSONS, frozenset({FIRST.id}), lessons.Why(first_time=True)),
    "lessons-again": lessons.overview(LESSONS, frozenset(), lessons.Why(clinic_asks=True)),
    **_lesson_samples(),
    "lesson-wrong": lessons.question_page(FIRST, 1, len(LESSONS), WRONG, emergency=EMERGENCY),
    "lesson-right": lessons.question_page(FIRST, 1, len(LESSONS), RIGHT, emergency=EMERGENCY),
    "lessons-done": lessons.finished_page(lessons.Heard.BY_THE_BAND),
    "practice": practice.before_page(),
    "practice-problem": practice.before_page(problem=link_words(LinkLost())),
    "practice-running": practice.running_view(RUNNING),
    "practice-lost": practice.running_view(
        replace(RUNNING, linked=False, stop_waits=True, may_leave=True)
    ),
    "practice-done": practice.stopped_page(by_stop=True),
    "help-page": help_page.help_page(HELP),
    "settings": settings.settings_page(SETTINGS),
    "setting-text": settings.text_page(SETTINGS),
    "setting-contrast": settings.contrast_page(SETTINGS),
    "setting-language": settings.language_page(SETTINGS),
    "setting-motion": settings.motion_page(SETTINGS),
    "setting-cues": settings.cues_page(SETTINGS),
    "setting-switch": settings.switch_page(SETTINGS),
    "setting-privacy": settings.privacy_page(SETTINGS),
    "setting-caregiver": settings.caregiver_page(SETTINGS),
    "reminder-settings": reminder_settings.reminders_page(ReminderSettings()),
    "diagnostics": diagnostics.diagnostics_page(DIAGNOSTICS),
    "about": about.about_page(ABOUT),
    "licences": about.licences_page(ABOUT),
    "emergency-card": emergency_card.card_page(CARD, from_lock=False),
    "erase": erasing.first_page(ERASE),
    "erase-2": erasing.second_page(ERASE, understood=True),
    "erased": erasing.erased_view(),
    "erased-in-part": erasing.not_erased_view(clinic_calls(REACH)),
    "history": history.history_page(PAST),
    "history-none": history.history_page(history.HistoryFacts(NOW, (), 0)),
    "history-saving": history.history_page(replace(PAST, done=120, count=400)),
    "history-saved": history.history_page(replace(PAST, saved="circlet-record.pdf")),
    "history-problem": history.history_page(replace(PAST, problem=str(StoreFull()))),
    "erase-nothing-waits": erasing.first_page(erasing.EraseFacts((), reachable=True)),
    "app-locked": app_lock.lock_page(app_lock.LockFacts(recognises=True)),
    "app-locked-wrong": app_lock.lock_page(app_lock.LockFacts(wrong=2)),
    "app-locked-waiting": app_lock.lock_page(app_lock.LockFacts(wrong=4, wait_ms=60_000)),
    "pin-forgotten": app_lock.forgotten_page(CLINIC, NUMBER),
    "app-lock": app_lock.choice_page(is_on=True, recognises=True),
    "new-pin": app_lock.new_pin_page(app_lock.what_is_wrong("482913", "482931")),
}
