"""A clinic that has too much to take in: the phone waits for as long as it's asked to, and says so
calmly. Over real HTTP against the clinic's real ingest."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TypeVar

import pytest

from cloud.ingest.gate import OF_A_PHONE
from cloud.phones.waiting import enqueue
from mobile.store.outbox import OutboxItem
from mobile.sync import ClinicBusy, ClinicUnreachable, IngestClient
from mobile.sync.client import BUSY_AT_MOST_MS, BUSY_MS, _busy_ms
from mobile.sync.signing import RequestSigner
from shared.trust.keys import SoftwareKey
from shared.wire.items import DownKind, UpKind
from tests.cloud.worlds import BIRTH_DATE, World, make_world
from tests.mobile.sync.season import season, serving_ingest

T = TypeVar("T")
POEM = [OutboxItem("x", UpKind.CARE, b"not sealed")]


class HandClock:
    """A phone's clock that a test sets."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def elapsed_ms(self) -> int:
        return self.now_ms

    def wall_ms(self) -> int:
        return self.now_ms

    async def sleep_ms(self, duration_ms: int) -> None:
        raise AssertionError("nothing here sleeps")

    async def wait_for(self, awaitable: Awaitable[T], limit_ms: int) -> T:
        raise AssertionError("nothing here waits")

    def work(self) -> AbstractContextManager[None]:
        return nullcontext()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


@pytest.fixture
def clock(world: World) -> HandClock:
    return HandClock(world.clock.now_ms)


@pytest.fixture
async def busy(world: World, clock: HandClock) -> AsyncIterator[IngestClient]:
    """A phone whose clinic has just taken in all that a phone may bring."""
    with serving_ingest(world) as (url, weather):
        client = _Client(url, clock)
        code, key = world.enrol()[1], SoftwareKey.generate()
        enrolled = await client.enrol(
            code=code,
            birth_date=BIRTH_DATE.isoformat(),
            app_key=SoftwareKey.generate().public_key,
            request_key=key.public_key,
        )
        client.sign_as(RequestSigner(enrolled.phone_id, key))
        await client.send(POEM)
        weather.app.state.ingest.gate.charge(enrolled.phone_id, int(2 * OF_A_PHONE.at_once))
        yield client
        await client.close()


class _Client(IngestClient):
    """Counts what goes out."""

    asked = 0

    async def _send(self, *arguments: object) -> object:
        self.asked += 1
        return await super()._send(*arguments)  # type: ignore[arg-type]


async def test_the_phone_waits_at_least_as_long_as_it_is_asked_to(
    busy: _Client, clock: HandClock
) -> None:
    with pytest.raises(ClinicBusy) as told:
        await busy.send(POEM)
    wait_ms, asked = told.value.wait_ms, busy.asked
    assert wait_ms >= 1000 * OF_A_PHONE.at_once / OF_A_PHONE.per_s
    clock.now_ms += wait_ms - 1
    with pytest.raises(ClinicBusy) as again:
        await busy.send(POEM)
    assert (busy.asked, again.value.wait_ms) == (asked, 1)
    clock.now_ms += 1
    with pytest.raises(ClinicBusy):  # the server's own clock hasn't moved
        await busy.send(POEM)
    assert busy.asked == asked + 1


async def test_it_is_said_calmly_and_all_else_goes_on(busy: _Client) -> None:
    with pytest.raises(ClinicUnreachable, match="goes out by itself in a while"):
        await busy.send(POEM)
    assert (await busy.fetch(0)).heartbeat_ms is None


@pytest.mark.parametrize(
    ("header", "wait_ms"),
    [
        ("7", 7000),
        ("0", 0),
        ("", BUSY_MS),
        ("soon", BUSY_MS),
        ("-1", BUSY_MS),
        ("\u0667", BUSY_MS),
        ("999999999", BUSY_AT_MOST_MS),
        ("9" * 5000, BUSY_MS),
    ],
)
def test_any_header_is_a_time_to_wait(header: str, wait_ms: int) -> None:
    assert _busy_ms(header) == wait_ms


async def test_what_waits_for_the_phone_comes_while_its_upload_has_to_wait(tmp_path: Path) -> None:
    async with season(tmp_path) as life:
        life.weather.app.state.ingest.gate.charge(
            life.enrolment.phone_id, int(2 * OF_A_PHONE.at_once)
        )
        with life.world.database.write("demo") as session:
            enqueue(
                session,
                "demo",
                life.enrolment.patient_id,
                DownKind.CLINIC_CARD,
                b"a word",
                now_ms=life.world.clock.now_ms,
            )
        life.fetch_record()
        assert not await life.exchange()
        assert b"a word" in [item.body for item in life.store.downstream.unapplied()]
        assert life.store.outbox.waiting() > 0
