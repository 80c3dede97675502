"""The phone's store: sealed, whole or not at all, and lost rather than readable."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from mobile.platform.keystore import KeyName
from mobile.store import KeyLost, Store, StoreBroken, StoreFull, open_store, set_aside
from mobile.store.outbox import OutboxItem
from shared.wire.items import UpKind
from tests.mobile.store.filled import EPOCH, SESSION, everything, fill
from tests.mobile.worlds import MemoryKeyStore


def item(number: int, body: bytes = b"body") -> OutboxItem:
    return OutboxItem(f"record/{number}", UpKind.RECORD, body)


def test_what_was_kept_is_there_after_a_restart(
    tmp_path: Path, keys: MemoryKeyStore, store: Store
) -> None:
    fill(store)
    kept = everything(store)
    store.close()

    again = open_store(tmp_path, keys)

    assert everything(again) == kept
    again.close()


def test_an_item_is_queued_once_whatever_happened_to_it(store: Store) -> None:
    assert store.outbox.queue([item(1), item(2)], now_ms=1) == 2
    store.outbox.acknowledge("record/1", now_ms=2)

    assert store.outbox.queue([item(1, b"other"), item(2, b"other"), item(3)], now_ms=3) == 1
    assert [waiting.id for waiting in store.outbox.next_items(9)] == ["record/2", "record/3"]
    assert store.outbox.next_items(1)[0].body == b"body"


def test_refused_item_leaves_the_queue_with_its_reason(store: Store) -> None:
    store.outbox.queue([item(1)], now_ms=1)
    store.outbox.acknowledge("record/1", now_ms=2, refusal="gap before 1")

    assert store.outbox.waiting() == 0
    assert store.outbox.refusals() == (("record/1", "gap before 1"),)


def test_records_with_a_gap_are_refused(store: Store) -> None:
    store.records.append(EPOCH, 1, [b"one", b"two"])

    with pytest.raises(StoreBroken, match="number 3"):
        store.records.append(EPOCH, 4, [b"four"])
    assert store.records.last_number(EPOCH) == 2


def test_nothing_of_a_broken_transaction_is_kept(store: Store) -> None:
    def break_off() -> None:
        with store.transaction():
            store.records.append(EPOCH, 1, [b"one"])
            store.outbox.queue([item(1)], now_ms=1)
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        break_off()

    assert store.records.last_number(EPOCH) == 0
    assert store.outbox.waiting() == 0


def test_full_disk_is_said_in_words_and_nothing_is_half_applied(store: Store) -> None:
    with store.transaction() as session:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count={pages + 4}"))

    def write_too_much() -> None:
        with store.transaction():
            store.records.append(EPOCH, 1, [b"small"])
            store.outbox.queue([item(1, b"x" * 100_000)], now_ms=1)

    with pytest.raises(StoreFull, match="no room left"):
        write_too_much()

    assert store.records.last_number(EPOCH) == 0
    assert store.outbox.waiting() == 0
    store.records.append(EPOCH, 1, [b"small"])
    assert store.records.read(EPOCH) == (b"small",)


def test_lost_key_is_an_error_and_enrolling_anew_begins_empty(
    tmp_path: Path, keys: MemoryKeyStore, store: Store
) -> None:
    fill(store)
    store.close()
    keys.erase(KeyName.WRAPPING)

    with pytest.raises(KeyLost, match="enrol again"):
        open_store(tmp_path, keys)
    assert keys.read(KeyName.WRAPPING) is None

    set_aside(tmp_path, keys)
    fresh = open_store(tmp_path, keys)
    assert fresh.settings.get("enrolment") is None
    fresh.close()


def test_another_key_does_not_open_the_data(tmp_path: Path, store: Store) -> None:
    fill(store)
    store.close()
    other = MemoryKeyStore()
    other.write(KeyName.WRAPPING, b"k" * 32)

    with pytest.raises(KeyLost):
        open_store(tmp_path, other)


def test_log_grows_by_lines_and_goes_when_it_was_sealed(store: Store) -> None:
    store.session_log.append(SESSION, [b"one"])
    store.session_log.append(SESSION, [b"two", b"three"])

    assert store.session_log.read(SESSION) == (b"one", b"two", b"three")
    assert store.session_log.sessions() == (SESSION,)
    store.session_log.erase(SESSION)
    assert store.session_log.sessions() == ()
