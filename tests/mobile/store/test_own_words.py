"""Notes, drafts, messages, reminders and consents: kept, ordered, and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mobile.store import Store, StoreBroken, open_store
from mobile.store.messages import Direction
from mobile.store.notes import NoteKind
from tests.mobile.worlds import MemoryKeyStore


def test_notes_are_kept_by_kind_in_their_order(store: Store) -> None:
    first = store.notes.add(NoteKind.MEDICINE, b"one", now_ms=2_000)
    store.notes.add(NoteKind.NOTE, b"other", now_ms=1_500)
    store.notes.add(NoteKind.MEDICINE, b"two", now_ms=1_000)

    medicine = store.notes.all_of(NoteKind.MEDICINE)
    assert [note.body for note in medicine] == [b"one", b"two"]
    assert (medicine[0].id, medicine[0].created_ms) == (first, 2_000)


def test_a_note_is_changed_and_erased_by_its_id(store: Store) -> None:
    note_id = store.notes.add(NoteKind.NOTE, b"one", now_ms=1)
    store.notes.change(note_id, b"two", now_ms=2)
    found = store.notes.get(note_id)
    assert found is not None
    assert (found.body, found.created_ms, found.changed_ms) == (b"two", 1, 2)

    store.notes.erase(note_id)
    assert store.notes.get(note_id) is None
    with pytest.raises(StoreBroken, match="notes have no"):
        store.notes.change(note_id, b"three", now_ms=3)


def test_a_flow_is_found_where_the_killed_app_left_it(
    tmp_path: Path, keys: MemoryKeyStore, store: Store
) -> None:
    store.notes.keep_draft("thought-record", b"page 1", now_ms=1)
    store.notes.keep_draft("screening", b"question 2", now_ms=2)
    store.notes.keep_draft("thought-record", b"page 2", now_ms=3)
    store.close()

    again = open_store(tmp_path, keys)
    assert again.notes.draft("thought-record") == b"page 2"
    assert len(again.notes.all_of(NoteKind.DRAFT)) == 2
    again.notes.drop_draft("thought-record")
    assert again.notes.draft("thought-record") is None
    assert again.notes.draft("screening") == b"question 2"
    again.close()


def test_a_message_that_comes_twice_is_kept_once(store: Store) -> None:
    assert store.messages.receive("m1", b"hello", sent_ms=1, now_ms=2)
    assert not store.messages.receive("m1", b"hello", sent_ms=1, now_ms=9)

    (message,) = store.messages.all()
    assert (message.direction, message.received_ms, message.seen_ms) == (
        Direction.FROM_CLINIC,
        2,
        None,
    )
    assert store.messages.unread() == 1


def test_the_first_word_of_how_far_a_message_came_stands(store: Store) -> None:
    store.messages.write("a1", b"call me", now_ms=1)
    for now_ms in (5, 7):
        store.messages.received("a1", now_ms=now_ms)
        store.messages.seen("a1", now_ms=now_ms + 1)
    store.messages.seen("nobody's", now_ms=1)

    (message,) = store.messages.all()
    assert (message.sent_ms, message.received_ms, message.seen_ms) == (1, 5, 6)
    assert store.messages.unread() == 0


def test_a_reminder_is_replaced_by_its_id(store: Store) -> None:
    store.reminders.put("next-session", b"18:00")
    store.reminders.put("check-in", b"Friday")
    store.reminders.put("next-session", b"19:00")

    assert store.reminders.all() == {"check-in": b"Friday", "next-session": b"19:00"}
    store.reminders.erase("check-in")
    assert list(store.reminders.all()) == ["next-session"]


def test_consent_is_given_and_taken_back_and_nothing_of_it_is_deleted(store: Store) -> None:
    store.consents.give("record", "My record goes to the clinic.", now_ms=1)
    store.consents.give("record", "My record goes to the clinic.", now_ms=2)
    assert store.consents.holds("record")
    assert not store.consents.holds("research")

    store.consents.withdraw("record", now_ms=3)
    store.consents.withdraw("research", now_ms=3)
    assert not store.consents.holds("record")
    store.consents.give("record", "My record goes to my clinic.", now_ms=4)

    assert store.consents.holds("record")
    assert [(c.given_ms, c.withdrawn_ms, c.holds) for c in store.consents.history()] == [
        (1, 3, False),
        (4, None, True),
    ]
    assert store.consents.history()[1].words == "My record goes to my clinic."
