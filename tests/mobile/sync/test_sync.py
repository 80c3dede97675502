"""Phone and clinic over real HTTP: signed, once, resumed, and in words when it fails."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import update

from firmware_bridge.timebase import SystemClock
from mobile.platform import FileKeyStore, KeyName, create_signer
from mobile.store import Store, StoreFull, open_store
from mobile.store.downstream import UnknownItem
from mobile.store.models import DownstreamRow
from mobile.store.outbox import OutboxItem
from mobile.sync import (
    AnswerUnreadable,
    ClinicRefused,
    ClinicUnreachable,
    EnrolmentRefused,
    IngestClient,
    exchange,
)
from mobile.sync.backoff import LONGEST_MS, Backoff
from mobile.sync.signing import RequestSigner
from mobile.sync.transfer import BATCH_BYTES
from shared.trust.keys import SoftwareKey
from shared.wire.items import DownKind, UpKind
from tests.mobile.sync.clinic import NOW_MS, PHONE, Clinic, encode, serving
from tests.mobile.worlds import MemoryKeyStore

ROOT = Path(__file__).parents[3]
KEY = SoftwareKey.generate()


@pytest.fixture
def clinic() -> Iterator[Clinic]:
    with serving(Clinic(KEY.public_key)) as clinic:
        yield clinic


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path, MemoryKeyStore())
    yield store
    store.close()


@pytest.fixture
async def client(clinic: Clinic) -> AsyncIterator[IngestClient]:
    client = IngestClient(clinic.url, SystemClock())
    client.sign_as(RequestSigner(PHONE, KEY))
    yield client
    await client.close()


def wait_for(event: threading.Event) -> None:
    event.wait(timeout=30)


def items(count: int, size: int = 0) -> list[OutboxItem]:
    return [
        OutboxItem(f"record/{number}", UpKind.RECORD, f"body {number}".encode().ljust(size))
        for number in range(1, count + 1)
    ]


def down(cursor: int) -> dict[str, object]:
    return {"id": f"d{cursor}", "cursor": cursor, "kind": "hold", "body": encode(b"hold")}


async def test_everything_that_waits_arrives_in_order_and_leaves(
    clinic: Clinic, store: Store, client: IngestClient
) -> None:
    store.outbox.queue(items(120), now_ms=1)

    done = await exchange(store, client)

    assert done.sent == 120
    assert clinic.arrivals == [item.id for item in items(120)]
    assert clinic.accepted["record/7"] == ("record", b"body 7")
    assert store.outbox.waiting() == 0
    assert client.time.now_ms() >= NOW_MS


async def test_refused_item_is_kept_with_its_reason_and_the_others_go(
    clinic: Clinic, store: Store, client: IngestClient
) -> None:
    store.outbox.queue(items(3), now_ms=1)
    clinic.refuse.add("record/2")

    done = await exchange(store, client)

    assert done.refused == 1
    assert store.outbox.refusals() == (("record/2", "gap"),)
    assert set(clinic.accepted) == {"record/1", "record/3"}


async def test_download_goes_on_from_the_cursor_and_says_what_it_holds(
    clinic: Clinic, store: Store, client: IngestClient
) -> None:
    clinic.waiting = [down(cursor) for cursor in (1, 2, 3)]
    await exchange(store, client)
    clinic.waiting.append(down(4))

    done = await exchange(store, client)

    assert done.received == 1
    assert clinic.cursors == [0, 2, 3, 3, 4]
    held = store.downstream.unapplied()
    assert [item.cursor for item in held] == [1, 2, 3, 4]
    assert held[0].kind is DownKind.HOLD


def test_phone_killed_with_a_full_outbox_loses_nothing_and_sends_nothing_twice(
    clinic: Clinic, tmp_path: Path
) -> None:
    keys, sent = FileKeyStore(tmp_path), items(300, size=BATCH_BYTES // 50)
    clinic.request_key = create_signer(keys, KeyName.REQUEST).public_key
    store = open_store(tmp_path, keys)
    store.outbox.queue(sent, now_ms=1)
    store.close()
    arrived, answering = threading.Event(), threading.Event()

    def hold_third_batch() -> None:
        if len(clinic.arrivals) > 100:
            arrived.set()
            answering.wait(timeout=60)

    clinic.before_answer = hold_third_batch
    command = [sys.executable, "-m", "tests.mobile.sync.uploader", str(tmp_path), clinic.url]
    phone = subprocess.Popen(command, cwd=ROOT)
    try:
        assert arrived.wait(timeout=30)
    finally:
        phone.send_signal(signal.SIGKILL)
        phone.wait(timeout=10)
        answering.set()
    clinic.before_answer = lambda: None

    subprocess.run(command, check=True, timeout=60, cwd=ROOT)

    assert list(clinic.accepted) == [item.id for item in sent]
    assert [body for _, body in clinic.accepted.values()] == [item.body for item in sent]
    # The clinic took the third batch without the phone hearing of it: it came twice, as duplicates.
    assert len(clinic.arrivals) == 350
    store = open_store(tmp_path, keys)
    assert store.outbox.waiting() == 0
    store.close()


async def test_replayed_request_is_refused_by_its_nonce(
    clinic: Clinic, client: IngestClient
) -> None:
    request = httpx2.Request("GET", f"{clinic.url}/v1/sync?cursor=0")
    RequestSigner(PHONE, KEY).sign(request, created_ms=NOW_MS)
    async with httpx2.AsyncClient(trust_env=False) as http:
        first, second = await http.send(request), await http.send(request)

    assert (first.status_code, second.status_code) == (200, 401)


async def test_signature_of_another_key_is_refused_with_its_reason(
    store: Store, client: IngestClient
) -> None:
    client.sign_as(RequestSigner(PHONE, SoftwareKey.generate()))
    store.outbox.queue(items(1), now_ms=1)

    with pytest.raises(ClinicRefused) as refused:
        await exchange(store, client)
    assert refused.value.reason == "signature"
    assert store.outbox.waiting() == 1


async def test_unreachable_clinic_is_said_in_words_and_everything_stays(store: Store) -> None:
    nobody = IngestClient("http://127.0.0.1:9", SystemClock())
    nobody.sign_as(RequestSigner(PHONE, KEY))
    store.outbox.queue(items(2), now_ms=1)

    with pytest.raises(ClinicUnreachable, match="goes out by itself"):
        await exchange(store, nobody)
    assert store.outbox.waiting() == 2
    await nobody.close()


async def test_server_that_never_answers_counts_as_unreachable(
    clinic: Clinic, store: Store
) -> None:
    answering = threading.Event()
    clinic.before_answer = lambda: wait_for(answering)
    slow = IngestClient(clinic.url, SystemClock(), answer_limit_s=0.3)
    slow.sign_as(RequestSigner(PHONE, KEY))
    store.outbox.queue(items(1), now_ms=1)

    with pytest.raises(ClinicUnreachable):
        await exchange(store, slow)
    answering.set()
    assert store.outbox.waiting() == 1
    await slow.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        b"[]",
        b'{"answers": [], "heartbeat_ms": null, "now_ms": 1}',
        b'{"answers": [{"id": "record/1", "answer": "perhaps"}], "now_ms": 1}',
        b'{"answers": [{"id": "record/9", "answer": "accepted"}], "now_ms": 1}',
    ],
)
async def test_unreadable_answer_changes_nothing(
    clinic: Clinic, store: Store, client: IngestClient, answer: bytes
) -> None:
    store.outbox.queue(items(1), now_ms=1)
    clinic.raw_answer = answer

    with pytest.raises(AnswerUnreadable, match="Nothing was changed"):
        await exchange(store, client)
    assert store.outbox.waiting() == 1


async def test_expired_code_is_refused_in_the_clinics_words(
    clinic: Clinic, client: IngestClient
) -> None:
    words = "This code has expired. Ask your clinic for a new one."
    clinic.enrolment = (409, {"code": "code_expired", "sentence": words})

    with pytest.raises(EnrolmentRefused, match="has expired") as refused:
        await client.enrol(
            code="AAAA-BBBB",
            birth_date="1980-02-29",
            app_key=KEY.public_key,
            request_key=KEY.public_key,
        )
    assert refused.value.reason == "code_expired"


async def test_what_only_a_newer_app_understands_doesnt_stop_what_comes_after_it(
    clinic: Clinic, client: IngestClient, store: Store
) -> None:
    newer = {**down(1), "kind": "hologram", "body": encode(b"for later")}
    without_body = {"cursor": 2, "kind": "beam"}
    word = {**down(4), "kind": "staff_word"}
    clinic.waiting = [newer, without_body, down(3), word]
    done = await exchange(store, client)
    assert done.received == 4
    assert store.downstream.cursor() == 4
    kinds = [(item.cursor, item.kind) for item in store.downstream.unapplied()]
    assert kinds == [(3, DownKind.HOLD), (4, DownKind.STAFF_WORD)]
    assert store.downstream.unknown() == (
        UnknownItem(1, "d1", "hologram", b"for later"),
        UnknownItem(2, "2", "beam", b""),
    )


async def test_what_wasnt_understood_is_taken_in_by_the_app_that_does(
    clinic: Clinic, client: IngestClient, store: Store
) -> None:
    clinic.waiting = [{**down(1), "kind": "hologram"}]
    await exchange(store, client)
    with store.transaction() as session:
        session.execute(update(DownstreamRow).values(kind=DownKind.HOLD))
    assert [item.kind for item in store.downstream.unapplied()] == [DownKind.HOLD]
    assert store.downstream.unknown() == ()


async def test_download_onto_a_full_phone_keeps_the_cursor(
    clinic: Clinic, store: Store, client: IngestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.waiting = [{**down(1), "body": encode(b"x" * 200_000)}]
    with store.transaction() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages + 3}")

    with pytest.raises(StoreFull):
        await exchange(store, client)
    assert store.downstream.cursor() == 0


def test_backoff_doubles_to_its_limit_and_begins_anew_after_success() -> None:
    backoff = Backoff(first_ms=1_000)
    waits = [backoff.next_ms() for _ in range(12)]
    backoff.reset()

    assert 800 <= waits[0] <= 1_200
    assert 3_200 <= waits[2] <= 4_800
    assert LONGEST_MS * 0.8 <= waits[-1] <= LONGEST_MS * 1.2
    assert backoff.next_ms() <= 1_200
