"""The phone asks the band for a nonce once for each loss that keeps a session from opening (R6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from mobile.engine import time_asking
from mobile.engine.ledger_copy import LedgerCopy
from mobile.store import Store, open_store
from shared.care.lost_time import Anchor
from shared.dose import ledger
from shared.dose.ledger import LedgerError
from shared.dose.reasons import ReasonCode
from shared.trust.statements import HoldKind, HoldSource, LedgerHead
from shared.wire import fields, records
from shared.wire.items import TimeRequest, UpKind, time_request_id
from shared.wire.operations import NoncePurpose
from shared.wire.status import DeviceState, ReasonWire
from tests.mobile.screens.session_facts import status
from tests.mobile.worlds import MemoryKeyStore
from tests.shared.clinic import DEVICE_ID, NOW_S

HOUR_MS = 3_600_000
EPOCH = b"epoch-16-bytes.."
WAITS = (ReasonWire(ReasonCode.DAY_WINDOW, None),)


@dataclass
class Nonces:
    """The band, as far as it gives nonces out."""

    given: list[NoncePurpose] = field(default_factory=list)

    async def nonce(self, purpose: NoncePurpose) -> bytes:
        self.given.append(purpose)
        return bytes([len(self.given)]) * 16


class Chain:
    """A band's record, written and heard."""

    def __init__(self, copy: LedgerCopy) -> None:
        self.copy, self.state = copy, ledger.genesis(DEVICE_ID, EPOCH)
        copy.begin(EPOCH)
        self.boots, self.clock_ms = 1, NOW_S * 1000

    def write(self, body: records.Body, uptime_h: float, *, clock: bool = True) -> bytes:
        """Write one record at an uptime; return its bytes."""
        uptime_ms, number = round(uptime_h * HOUR_MS), self.state.number + 1
        clock_ms = self.clock_ms + uptime_ms if clock else None
        record = records.Record(number, body.TYPE, self.boots, uptime_ms, clock_ms, body)
        data = records.encode_record(record)
        self.state = ledger.take(self.state, data)
        return data

    def hear(self, body: records.Body, uptime_h: float, **known: bool) -> None:
        """Write one record and let the phone hear it."""
        self.copy.hear(self.write(body, uptime_h, **known))

    def prove(self) -> None:
        """Sign a head over all of it."""
        state = self.state
        head = LedgerHead(DEVICE_ID, EPOCH, state.number, state.hash, bytes(16), self.boots, 0)
        self.copy.prove(head, now_ms=NOW_S * 1000)

    def lose(self, lost_h: float, proven_h: float) -> None:
        """Lie without power and clock, and be told the time again."""
        self.boots, self.clock_ms = self.boots + 1, self.clock_ms + round(lost_h * HOUR_MS)
        self.clock_ms += round(proven_h * HOUR_MS)
        boot = records.BootBody(0, False, round(proven_h * HOUR_MS), "1.0.0")
        self.hear(boot, 0, clock=False)
        self.hear(records.ClockLostBody(0), 0, clock=False)
        self.hear(records.ClockSetBody(self.clock_ms, bytes(32)), 0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path, MemoryKeyStore())
    yield opened
    opened.close()


@pytest.fixture
def chain(store: Store) -> Chain:
    """A band that lost ten hours behind a rest that was placed."""
    made = Chain(LedgerCopy(store, DEVICE_ID))
    made.hear(records.ProvisionedBody(bytes(32), bytes(32), b"patient-16-bytes"), 0)
    made.hear(records.HoldPlacedBody(b"h" * 16, HoldKind.SAFETY, HoldSource.APP, "x", 0), 1)
    made.lose(10, 1)
    made.prove()
    return made


async def ask(
    store: Store, chain: Chain, band: Nonces, *, after_h: float = 0, waits: Any = WAITS
) -> list[TimeRequest]:
    """Let the phone look once; return every request that stands in the outbox."""
    seen = replace(status(DeviceState.IDLE), reasons=waits)
    now_ms = NOW_S * 1000 + round(after_h * HOUR_MS)
    stimulator = cast(Any, band)
    await time_asking.ask(store, stimulator, chain.copy, seen, DEVICE_ID, now_ms=now_ms)
    items = [item for item in store.outbox.next_items(100) if item.kind is UpKind.TIME_REQUEST]
    requests = [fields.unpack(TimeRequest, item.body) for item in items]
    for item, request in zip(items, requests, strict=True):
        assert item.id == time_request_id(DEVICE_ID, request.nonce)
    return requests


async def test_a_loss_that_a_wait_is_longer_for_is_asked_about_once(
    store: Store, chain: Chain
) -> None:
    band = Nonces()
    (request,) = await ask(store, chain, band)
    assert request == TimeRequest(DEVICE_ID, bytes([1]) * 16, NOW_S * 1000)
    assert await ask(store, chain, band, after_h=71.9) == [request]
    assert band.given == [NoncePurpose.ATTEST_TIME], "a fresh nonce would void what is signed"


async def test_after_its_life_or_where_the_band_refused_it_it_is_asked_anew(
    store: Store, chain: Chain
) -> None:
    band = Nonces()
    await ask(store, chain, band)
    assert len(await ask(store, chain, band, after_h=72)) == 2
    time_asking.refused(store, ["other_boot", "more_than_passed"])
    assert len(await ask(store, chain, band, after_h=73)) == 2, "the nonce lives on"
    time_asking.refused(store, ["nonce_unknown"])
    assert len(await ask(store, chain, band, after_h=73)) == 3


@pytest.mark.parametrize(
    "waits", [(), (ReasonWire(ReasonCode.SCREENING_NEEDED, None),)], ids=["open", "questions"]
)
async def test_where_no_wait_stands_nothing_is_asked(
    store: Store, chain: Chain, waits: Any
) -> None:
    band = Nonces()
    assert await ask(store, chain, band, waits=waits) == []
    assert band.given == []


async def test_what_was_attested_or_lies_before_a_wait_is_not_asked_about(
    store: Store, chain: Chain
) -> None:
    band = Nonces()
    chain.hear(records.TimeAttestedBody(bytes(32), 10 * HOUR_MS), 0.1)
    chain.prove()
    assert await ask(store, chain, band) == []
    chain.lose(9, 12)
    chain.prove()
    assert len(await ask(store, chain, band)) == 1, "another loss is another request"
    chain.hear(records.PostponedBody(bytes(32), 3_600), 0.2)
    chain.prove()
    assert len(await ask(store, chain, band, after_h=80)) == 1


def test_what_was_heard_and_not_proven_is_forgotten_with_what_it_lost(
    store: Store, chain: Chain
) -> None:
    before = chain.copy.lost
    assert isinstance(before.before, Anchor)
    assert before.lost_ms == 10 * HOUR_MS
    chain.hear(records.PostponedBody(bytes(32), 3_600), 0.2)
    assert chain.copy.lost == before
    with pytest.raises(LedgerError):
        chain.copy.hear(b"\xff")
    assert chain.copy.lost == before
    assert LedgerCopy(store, DEVICE_ID).lost == before, "read back at the next start"
