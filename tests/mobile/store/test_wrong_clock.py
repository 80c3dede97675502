"""A phone whose clock jumps by years keeps everything, in the order in which it came."""

from __future__ import annotations

from mobile.store import Store
from mobile.store.downstream import DownItem
from mobile.store.messages import Direction
from mobile.store.notes import NoteKind
from mobile.store.outbox import OutboxItem
from shared.wire.items import DownKind, UpKind
from tests.mobile.store.filled import checkin

YEAR_MS = 365 * 86_400_000
NOW_MS = 56 * YEAR_MS
CLOCKS_MS = (NOW_MS, NOW_MS + 9 * YEAR_MS, NOW_MS - 20 * YEAR_MS, 0, NOW_MS, NOW_MS)
"""Right, years ahead, years behind, at the very beginning, and right again, twice the same."""


def test_items_go_out_in_the_order_in_which_they_came(store: Store) -> None:
    for number, now_ms in enumerate(CLOCKS_MS):
        store.outbox.queue([OutboxItem(f"record/{number}", UpKind.RECORD, b"x")], now_ms=now_ms)

    assert [item.id for item in store.outbox.next_items(99)] == [
        f"record/{number}" for number in range(len(CLOCKS_MS))
    ]


def test_the_clinics_items_keep_the_clinics_order(store: Store) -> None:
    for cursor, now_ms in enumerate(CLOCKS_MS, start=1):
        store.downstream.keep([DownItem(cursor, f"d{cursor}", DownKind.HOLD, b"x")])
        store.downstream.apply(cursor, now_ms=now_ms)

    assert [item.cursor for item in store.downstream.all_of(DownKind.HOLD)] == [1, 2, 3, 4, 5, 6]
    assert store.downstream.unapplied() == ()


def test_no_checkin_takes_anothers_place_and_the_last_is_the_last_one_kept(store: Store) -> None:
    for answered_ms in CLOCKS_MS:
        store.checkins.add(checkin(answered_ms))

    assert [each.answered_ms for each in store.checkins.all()] == list(CLOCKS_MS)
    latest = store.checkins.latest()
    assert latest is not None
    assert latest.answered_ms == NOW_MS


def test_notes_and_messages_keep_their_order(store: Store) -> None:
    for number, now_ms in enumerate(CLOCKS_MS):
        store.notes.add(NoteKind.NOTE, b"%d" % number, now_ms=now_ms)
        store.messages.write(f"m{number}", b"%d" % number, now_ms=now_ms)
        store.consents.give(f"section-{number}", str(number), now_ms=now_ms)

    order = [b"%d" % number for number in range(len(CLOCKS_MS))]
    assert [note.body for note in store.notes.all_of(NoteKind.NOTE)] == order
    assert [message.body for message in store.messages.all()] == order
    assert {message.direction for message in store.messages.all()} == {Direction.TO_CLINIC}
    assert [consent.words.encode() for consent in store.consents.history()] == order
