"""What a start shows before anything is open: true for its time, never a session, never ready."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mobile import files, language
from mobile.glance import sealed
from mobile.glance.leaves import Glance, Leaf
from mobile.glance.opening import first_view
from mobile.glance.written import NotWrittenHere, read, write
from mobile.platform import KeyName
from mobile.presenters.appearance import Appearance, Contrast
from mobile.presenters.glance import FOREVER_MS, day_leaves, session_leaves
from mobile.presenters.help import help_view
from mobile.presenters.lock import Lock, LockReason
from mobile.presenters.page import Choices, PageView, Tab
from mobile.presenters.pieces import Choice, Notice, Tone
from mobile.presenters.today import BandFacts, DayFacts, Nearness, RecordFacts
from mobile.presenters.views import MessageView, TodayView, WelcomeView
from mobile.presenters.words import Now
from mobile.store import open_store
from shared.dose.reasons import Reason, ReasonCode
from tests.mobile.worlds import MemoryKeyStore
from tests.shared.clinic import itbs

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
EVENING_MS = int(datetime(2026, 11, 28, 18, 2, tzinfo=UTC).timestamp() * 1000)
LOOK = Appearance(contrast=Contrast.DARK, text_percent=150)


def facts(*reasons: LockReason) -> DayFacts:
    """A day with everything to offer."""
    return DayFacts(
        now=Now(EVENING_MS, UTC),
        prescription=itbs(),
        sessions_done=3,
        lock=Lock(reasons, by_band=True),
        band=BandFacts(Nearness.CONNECTED, 82, EVENING_MS),
        record=RecordFacts(0, 0, EVENING_MS, True, EVENING_MS),
        last_session_wall_ms=EVENING_MS - HOUR_MS,
        notice=Notice("For now", "only", Tone.WAIT),
    )


def glance_of(leaves: tuple[Leaf, ...]) -> Glance:
    return Glance(LOOK, "Etc/UTC", leaves, help_view("Clinic at the Park"))


def day_at(glance: Glance, wall_ms: int) -> TodayView:
    view = glance.view_at(wall_ms)
    assert isinstance(view, TodayView)
    return view


RESTING = LockReason(Reason(ReasonCode.SESSION_INTERVAL), EVENING_MS + 20 * HOUR_MS)
HELD = LockReason(Reason(ReasonCode.HOLD))


def test_a_day_that_was_ready_is_never_shown_as_ready() -> None:
    for leaf in day_leaves(facts()):
        assert isinstance(leaf.view, TodayView)
        assert leaf.view.title == "Looking how things stand"
        assert leaf.view.chip.tone is Tone.PLAIN


def test_nothing_of_it_can_be_touched_but_emergency_and_nothing_says_that_the_band_is_near() -> (
    None
):
    for leaf in day_leaves(facts(RESTING)):
        assert isinstance(leaf.view, TodayView)
        assert leaf.view.button is None
        assert [row.action for row in leaf.view.rows if row.action] == []
        assert leaf.view.notice is None
        assert leaf.view.help_button == "Emergency"
        assert leaf.view.rows[0].value == "Looking for it"


def test_words_are_right_on_the_day_they_are_read() -> None:
    glance = glance_of(day_leaves(facts(RESTING)))
    evening, morning = (
        day_at(glance, EVENING_MS + HOUR_MS),
        day_at(glance, EVENING_MS + 8 * HOUR_MS),
    )
    assert (evening.subtitle, evening.title) == ("As of today 18:02", "Tomorrow, from 14:02")
    assert (morning.subtitle, morning.title) == ("As of yesterday 18:02", "Today, from 14:02")
    assert evening.detail is None, "so many hours from now would be wrong an hour later"


def test_a_lock_isnt_shown_beyond_its_end_and_one_without_an_end_is() -> None:
    later_ms = EVENING_MS + 21 * HOUR_MS
    assert day_at(glance_of(day_leaves(facts(RESTING))), later_ms).title == (
        "Looking how things stand"
    )
    assert day_at(glance_of(day_leaves(facts(HELD))), later_ms).chip.text == "Paused"


def test_of_a_session_it_says_only_how_to_stop_it() -> None:
    view = glance_of(session_leaves()).view_at(EVENING_MS + 90 * DAY_MS)
    assert isinstance(view, MessageView)
    assert "press the button on the band" in view.body


def test_a_week_later_and_before_it_was_made_nothing_is_shown() -> None:
    glance = glance_of(day_leaves(facts(RESTING)))
    assert glance.view_at(EVENING_MS + 8 * DAY_MS) is None
    assert glance.view_at(EVENING_MS - 1) is None
    assert glance.view_at(None) == glance.leaves[0].view


def test_every_value_of_a_view_comes_back_as_it_was() -> None:
    page = PageView(
        "locked",
        "Locked",
        blocks=(Choices((Choice("a", "A"),), frozenset({"a"}), "one"),),
        tab=Tab.COURSE,
    )
    for glance in (glance_of(day_leaves(facts(HELD))), glance_of((Leaf(0, FOREVER_MS, page),))):
        assert read(write(glance)) == glance


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"is": "Row", "odd": 1}', b'{"is": "os"}'])
def test_what_another_version_wrote_is_refused_whole(data: bytes) -> None:
    with pytest.raises(NotWrittenHere):
        read(data)


def test_the_file_shows_no_word_and_its_length_tells_nothing(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    lengths = set()
    for leaves in (day_leaves(facts(HELD)), day_leaves(facts()), session_leaves()):
        sealed.keep(tmp_path, keys, glance_of(leaves))
        raw = (tmp_path / files.GLANCE).read_bytes()
        assert b"Clinic at the Park" not in raw
        assert b"view" not in raw
        lengths.add(len(raw) % sealed.STEP_BYTES)
    assert len(lengths) == 1


def test_without_its_key_or_with_a_changed_bit_there_is_no_glance(tmp_path: Path) -> None:
    keys, glance = MemoryKeyStore(), glance_of(day_leaves(facts(HELD)))
    sealed.keep(tmp_path, keys, glance)
    assert sealed.kept(tmp_path, keys) == glance
    raw = bytearray((tmp_path / files.GLANCE).read_bytes())
    raw[100] ^= 1
    (tmp_path / files.GLANCE).write_bytes(raw)
    assert sealed.kept(tmp_path, keys) is None
    sealed.keep(tmp_path, keys, glance)
    keys.erase(KeyName.GLANCE)
    assert sealed.kept(tmp_path, keys) is None


def test_erasing_the_phone_erases_it(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    store = open_store(tmp_path, keys)
    sealed.keep(tmp_path, keys, glance_of(session_leaves()))
    store.erase()
    assert list(tmp_path.iterdir()) == []
    assert keys.read(KeyName.GLANCE) is None


def test_a_new_phone_begins_with_welcome_in_its_language(tmp_path: Path) -> None:
    try:
        opening = first_view(
            tmp_path, lambda _: MemoryKeyStore(), replace(LOOK, language="de"), EVENING_MS
        )
    finally:
        language.use("en")
    assert isinstance(opening.view, WelcomeView)
    assert opening.view.title == "Willkommen"


def test_a_start_shows_the_kept_day_in_its_look_and_greets_by_the_hour_of_now(
    tmp_path: Path,
) -> None:
    keys = MemoryKeyStore()
    open_store(tmp_path, keys).close()
    sealed.keep(tmp_path, keys, glance_of(day_leaves(facts(RESTING))))

    opening = first_view(tmp_path, lambda _: keys, Appearance(), EVENING_MS + 14 * HOUR_MS)

    assert isinstance(opening.view, TodayView)
    assert opening.view.greeting == "Good morning"
    assert opening.look == LOOK
    assert opening.help_page == help_view("Clinic at the Park")


def test_a_store_without_a_glance_asks_for_a_moment(tmp_path: Path) -> None:
    keys = MemoryKeyStore()
    open_store(tmp_path, keys).close()
    opening = first_view(tmp_path, lambda _: keys, Appearance(), EVENING_MS)
    assert isinstance(opening.view, MessageView)
    assert opening.view.title == "One moment"
