"""Too much at once is told to come back, and when; nobody else has less for it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from cloud.errors import TooMany
from cloud.ingest.allowance import Accounts, Allowance
from cloud.ingest.app import create_app
from cloud.ingest.bodies import ITEMS_MAX
from cloud.ingest.courtesy import Courtesy
from cloud.ingest.gate import (
    AGAIN_S,
    ITEMS_FOR_AN_UPLOAD,
    OF_A_CLINIC,
    OF_A_PHONE,
    SMALL_BYTES,
    UNDER_WAY,
    UNDER_WAY_OF_A_CLINIC,
    UNPROVEN_OF_A_NETWORK,
    WORKED_ON,
    WORKED_ON_OF_A_CLINIC,
    Gate,
)
from cloud.ingest.limits import BODY_BYTES_MAX, READ_AND_DROPPED_MAX, TooLarge, read_body
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

HERE, NETWORKS = "198.51.100.1", count()
ITEM = {"id": "x", "kind": "poem", "body": ""}


async def at_once(_duration_s: float) -> None:
    """No waiting."""


class Hours:
    """A clock in seconds that a test sets."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def a_request(parts: Iterator[bytes] | None = None, length: int = 0) -> Request:
    """A request whose body comes in parts."""
    coming = parts or iter(())

    async def receive() -> dict[str, object]:
        part = next(coming, None)
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    headers = [(b"content-length", str(length).encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


@asynccontextmanager
async def taken(gate: Gate, name: str) -> AsyncIterator[None]:
    """An upload under way whose signature is proven, from a network of its own."""
    async with gate.upload(a_request(), name, f"192.0.2.{next(NETWORKS) % 256}") as upload:
        await upload.prove(name)
        yield


async def refusal(gate: Gate, name: str) -> int:
    """Return after how many seconds an upload may come again; 0 where it may now."""
    try:
        async with taken(gate, name):
            return 0
    except TooMany as problem:
        return problem.retry_after_s


def test_an_account_fills_again_and_may_be_overdrawn() -> None:
    accounts = Accounts(Allowance(at_once=100, per_s=10))
    assert accounts.wait_s("a", 0) == 0
    accounts.take("a", 99, 0)
    assert accounts.wait_s("a", 0) == 0
    assert accounts.wait_s("a", 0, 21) == 2
    accounts.take("a", 30, 0)
    assert accounts.wait_s("a", 0) == 3
    assert accounts.wait_s("b", 0, 100) == 0
    assert accounts.wait_s("a", 2.9) == 1
    assert accounts.wait_s("a", 3) == 0
    assert accounts.wait_s("a", 1000, 10**9) == 0
    accounts.take("a", 100, 1000)
    assert accounts.wait_s("a", 1000, 10**9) == 8


async def test_who_brought_much_waits_and_nobody_else() -> None:
    clock = Hours()
    gate = Gate(clock, at_once)
    while await refusal(gate, "one.a") == 0:
        gate.charge("one.a", ITEMS_MAX)
    gate.charge("one.a", 3_000)
    wait_s = await refusal(gate, "one.a")
    assert wait_s > 3_000 / OF_A_PHONE.per_s
    assert await refusal(gate, "one.b") == 0
    clock.now_s += wait_s - 1
    assert await refusal(gate, "one.a") == 1
    clock.now_s += 1.1
    assert await refusal(gate, "one.a") == 0


async def test_a_phone_that_brings_more_than_its_share_empties_its_own_account_alone() -> None:
    clock = Hours()
    gate = Gate(clock, at_once)
    for _ in range(50):
        gate.charge("one.a", ITEMS_MAX)
    assert await refusal(gate, "one.b") == 0
    assert await refusal(gate, "one.a") <= 2 * OF_A_PHONE.at_once / OF_A_PHONE.per_s


async def test_a_clinic_that_brought_much_waits_and_no_other() -> None:
    gate = Gate(Hours(), at_once)
    phones = (f"one.{number:x}" for number in count())
    brought = 0
    while await refusal(gate, next(phones)) == 0:
        gate.charge(next(phones), ITEMS_MAX)
        brought += ITEMS_MAX + ITEMS_FOR_AN_UPLOAD
    assert OF_A_CLINIC.at_once <= brought < OF_A_CLINIC.at_once + 2 * ITEMS_MAX
    assert await refusal(gate, "two.a") == 0


async def test_one_upload_of_a_phone_and_a_few_of_a_clinic_are_under_way() -> None:
    gate = Gate(Hours(), at_once)
    async with AsyncExitStack() as under_way:
        for number in range(UNDER_WAY_OF_A_CLINIC):
            await under_way.enter_async_context(taken(gate, f"one.{number}"))
        assert await refusal(gate, "one.0") == AGAIN_S
        assert await refusal(gate, "one.ff") == AGAIN_S
        assert await refusal(gate, "two.0") == 0
        for number in range(UNDER_WAY - UNDER_WAY_OF_A_CLINIC):
            await under_way.enter_async_context(taken(gate, f"c{number}.0"))
        assert await refusal(gate, "two.0") == AGAIN_S
    assert await refusal(gate, "one.0") == 0


async def test_what_is_not_proven_takes_places_of_its_network_alone() -> None:
    gate = Gate(Hours(), at_once)
    async with AsyncExitStack() as under_way:
        for number in range(UNPROVEN_OF_A_NETWORK):
            upload = gate.upload(a_request(), f"one.{number}", HERE)
            await under_way.enter_async_context(upload)
        with pytest.raises(TooMany):
            await under_way.enter_async_context(gate.upload(a_request(), "two.0", HERE))
        assert await refusal(gate, "one.0") == 0
        for number in range(UNDER_WAY_OF_A_CLINIC):
            assert await refusal(gate, f"one.{number}") == 0
    assert gate.under_way == {}


async def test_a_phone_is_asked_again_once_it_is_proven() -> None:
    gate = Gate(Hours(), at_once)
    async with gate.upload(a_request(), "one.a", HERE) as upload, taken(gate, "one.a"):
        with pytest.raises(TooMany):
            await upload.prove("one.a")
    assert gate.under_way == {}


async def test_a_flooding_clinic_leaves_turns_to_the_others() -> None:
    gate = Gate(Hours(), at_once)
    begun, ends = asyncio.Event(), asyncio.Event()
    had: list[str] = []

    async def work(clinic_id: str) -> None:
        async with gate.turn(clinic_id, SMALL_BYTES):
            had.append(clinic_id)
            if len(had) == WORKED_ON:
                begun.set()
            await ends.wait()

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        for clinic_id in ["flood"] * 10 + ["calm", "calmer", "late"]:
            group.create_task(work(clinic_id))
        await begun.wait()
        assert had == ["flood"] * WORKED_ON_OF_A_CLINIC + ["calm", "calmer"]
        ends.set()
    assert sorted(had) == sorted(["flood"] * 10 + ["calm", "calmer", "late"])


def test_a_large_upload_stands_back_for_another_clinics_small_one() -> None:
    courtesy, began, over = Courtesy(), threading.Event(), threading.Event()

    def stand_back(clinic_id: str) -> None:
        began.set()
        courtesy.for_upload(clinic_id, time.monotonic)()
        over.set()

    with courtesy.small("calm"):
        courtesy.for_upload("calm", time.monotonic)()
        large = threading.Thread(target=stand_back, args=("flood",))
        large.start()
        assert began.wait(20)
        assert not over.is_set()
    assert over.wait(20)
    large.join()


def test_a_large_upload_does_not_stand_back_for_ever() -> None:
    clock = Hours()

    def a_while() -> float:
        clock.now_s += 0.01
        return clock.now_s

    courtesy = Courtesy(patience_s=0.01)
    stand_back = courtesy.for_upload("flood", a_while)
    with courtesy.small("calm"):
        for _ in range(1000):
            stand_back()
    assert clock.now_s < 1


@pytest.mark.parametrize(("items", "stands_back"), [(1, True), (5_000, False)])
def test_a_large_upload_stands_back_while_a_small_one_is_verified(
    world: World, monkeypatch: pytest.MonkeyPatch, items: int, stands_back: bool
) -> None:
    app = create_app(world.settings, world.clock)
    ingest, clock = app.state.ingest, Hours()
    asked: list[float] = []

    def now_s() -> float:
        asked.append(clock.now_s)
        return clock.now_s

    ingest.gate.courtesy = Courtesy(patience_s=0.01)
    large, verify = ingest.gate.courtesy.for_upload("flood", now_s), ingest.verifier.verify
    with TestClient(app) as client:
        phone = Phone(world, client)
        assert phone.enrol(world.enrol()[1]).status_code == 200
        monkeypatch.setattr(ingest.verifier, "verify", lambda *of: (large(), verify(*of))[1])
        sent = [{**ITEM, "id": str(number)} for number in range(items)]
        assert phone.post("/v1/items", {"items": sent}).status_code == 200
    assert bool(asked) == stands_back


async def test_a_refused_upload_is_read_to_its_end_and_not_held() -> None:
    gate = Gate(Hours(), at_once)
    parts = iter([b"x" * 1000] * 5)
    async with gate.upload(a_request(), "one.a", HERE):
        with pytest.raises(TooMany):
            async with gate.upload(a_request(parts, 5000), "one.a", HERE):
                pass
        assert next(parts, None) is None
        parts = iter([b"x"])
        long = a_request(parts, READ_AND_DROPPED_MAX + 1)
        with pytest.raises(TooMany):
            async with gate.upload(long, "one.a", HERE):
                pass
        assert next(parts, None) == b"x"


def test_the_phones_api_says_when_to_come_again(world: World, phone: Phone) -> None:
    sent = {"items": [{**ITEM, "id": str(number)} for number in range(ITEMS_MAX)]}
    taken = 0
    while (answer := phone.post("/v1/items", sent)).status_code == 200:
        assert len(answer.json()["answers"]) == ITEMS_MAX
        taken += ITEMS_MAX
    assert OF_A_PHONE.at_once <= taken <= 2 * OF_A_PHONE.at_once
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert int(answer.headers["retry-after"]) >= 1
    assert phone.get("/v1/sync").status_code == 200
    with TestClient(create_app(world.settings, world.clock)) as another_process:
        phone.client = another_process
        assert phone.post("/v1/items", {"items": [ITEM]}).status_code == 200


def test_a_request_beyond_the_limits_names_them(phone: Phone) -> None:
    many = phone.post("/v1/items", {"items": [{**ITEM, "id": str(n)} for n in range(10_001)]})
    assert (many.status_code, many.json()["code"]) == (413, "too_large")
    assert "10,000 items" in many.json()["sentence"]
    long = phone.post("/v1/items", {"items": [{**ITEM, "body": "A" * BODY_BYTES_MAX}]})
    assert (long.status_code, long.json()["code"]) == (413, "too_large")
    assert "8 MB" in long.json()["sentence"]


async def test_an_endless_body_is_held_no_further_than_the_limit() -> None:
    parts = iter([bytes(1_000_000)] * 100)
    with pytest.raises(TooLarge, match="8 MB"):
        await read_body(a_request(parts))
    assert len(list(parts)) == 100 - BODY_BYTES_MAX // 1_000_000 - 1


async def test_a_body_that_says_it_is_too_long_is_not_read() -> None:
    parts = iter([b"x"])
    with pytest.raises(TooLarge):
        await read_body(a_request(parts, BODY_BYTES_MAX + 1))
    assert next(parts) == b"x"
