"""The phone's store: sealed, whole or not at all, and lost rather than readable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from mobile.platform.keystore import KeyName
from mobile.store import KeyLost, Store, StoreBroken, StoreFull, open_store, set_aside
from mobile.store.downstream import DownItem
from mobile.store.outbox import OutboxItem
from shared.wire.items import CheckinBody, DownKind, UpKind
from tests.mobile.worlds import MemoryKeyStore

EPOCH = b"e" * 16
SESSION = b"s" * 16
SECRETS = (
    b"Amira",
    b"Haddad",
    b"bupropion",
    b"depression",
    b"PHQ",
    b"phq",
    b"Nearly every day",
    b"score=17",
)


@pytest.fixture
def keys() -> MemoryKeyStore:
    return MemoryKeyStore()


@pytest.fixture
def store(tmp_path: Path, keys: MemoryKeyStore) -> Iterator[Store]:
    store = open_store(tmp_path, keys)
    yield store
    store.close()


def checkin() -> CheckinBody:
    return CheckinBody("phq9-own-words", 1, b"p" * 16, 1_000, (3,) * 9, "en")


def item(number: int, body: bytes = b"body") -> OutboxItem:
    return OutboxItem(f"record/{number}", UpKind.RECORD, body)


def fill(store: Store) -> None:
    secret = b" ".join(SECRETS)
    store.settings.put("enrolment", secret)
    store.records.append(EPOCH, 1, [secret])
    store.outbox.queue([item(1, secret), item(2, secret)], now_ms=5)
    store.outbox.acknowledge("record/2", now_ms=6, refusal=secret.decode())
    store.downstream.keep([DownItem(1, "rx", DownKind.PRESCRIPTION, secret)])
    store.downstream.apply(1, now_ms=6, refusal=secret.decode())
    store.checkins.add(checkin())
    store.session_log.append(SESSION, [secret])


def test_raw_bytes_show_no_value(tmp_path: Path, store: Store) -> None:
    fill(store)
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    store.close()
    raw += b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"ledger_records" in raw
    for secret in (*SECRETS, bytes([3] * 9)):
        assert secret not in raw


def test_what_was_kept_is_there_after_a_restart(
    tmp_path: Path, keys: MemoryKeyStore, store: Store
) -> None:
    fill(store)
    store.close()

    again = open_store(tmp_path, keys)

    assert again.settings.get("enrolment") == b" ".join(SECRETS)
    assert again.records.read(EPOCH) == (b" ".join(SECRETS),)
    assert again.checkins.latest() == checkin()
    assert again.outbox.waiting() == 1
    assert again.downstream.cursor() == 1
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

    set_aside(tmp_path)
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


def test_a_value_moved_to_another_row_does_not_open(store: Store) -> None:
    store.settings.put("a", b"one")
    store.settings.put("b", b"two")
    with store.transaction() as session:
        session.execute(
            text(
                "UPDATE settings SET sealed_value ="
                " (SELECT sealed_value FROM settings WHERE name='a') WHERE name='b'"
            )
        )

    with pytest.raises(StoreBroken, match="doesn't open"):
        store.settings.get("b")


def test_a_file_of_somebody_else_is_refused(tmp_path: Path, keys: MemoryKeyStore) -> None:
    (tmp_path / "circlet.sqlite3").write_bytes(b"not a database, but long enough to look at" * 40)

    with pytest.raises(StoreBroken, match="file"):
        open_store(tmp_path, keys)


def test_log_grows_by_lines_and_goes_when_it_was_sealed(store: Store) -> None:
    store.session_log.append(SESSION, [b"one"])
    store.session_log.append(SESSION, [b"two", b"three"])

    assert store.session_log.read(SESSION) == (b"one", b"two", b"three")
    assert store.session_log.sessions() == (SESSION,)
    store.session_log.erase(SESSION)
    assert store.session_log.sessions() == ()
