"""Records of a newer firmware are kept unread, and proven once the server knows their format."""

from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from sqlalchemy import select

from cloud.ledger.models import DeliveredSession, LedgerChain, StoredRecord
from shared.dose.ledger import chain_hash
from shared.wire import canonical, records
from shared.wire.fields import wire
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import a_day_later, found, queued, send, treating
from tests.cloud.proof.test_flaws import alerts
from tests.cloud.proof.test_receipts import receipt_of
from tests.cloud.worlds import Band, World

NEWER = records.RecordType.CHECKPOINT
"""A type whose number is given and that this version writes no body of."""


@dataclass(frozen=True)
class NewerBody:
    """What a newer version writes into it."""

    TYPE: ClassVar[records.RecordType] = NEWER
    total_pulses: int = wire(1)


def write_newer(band: Band) -> int:
    """Append a record that only a newer version reads; return its number."""
    number = band.state.number + 1
    uptime_ms = 1000 * (number + 1) + band.idle_ms
    data = canonical.encode([number, int(NEWER), 0, uptime_ms, band.clock_ms, {1: 7}])
    band.state = replace(band.state, number=number, hash=chain_hash(band.state.hash, data))
    band.data.append(data)
    return number


def chain_of(world: World, band: Band) -> LedgerChain:
    with world.database.read("demo") as session:
        return session.get_one(LedgerChain, ("demo", band.device_id, band.epoch))


def pulses(world: World) -> list[int]:
    with world.database.read("demo") as session:
        return list(session.scalars(select(DeliveredSession.charged_pulses)))


def test_what_is_not_understood_is_kept_and_gets_no_receipt_until_it_is(
    world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    band = treating(world, phone)
    band.session()
    newer = write_newer(band)
    a_day_later(world, band)
    band.session()
    assert set(send(phone, band)) == {"accepted"}
    signed = band.state.number
    assert (chain_of(world, band).verified_to, pulses(world)) == (newer - 1, [600])
    (flaw,) = found(world, band.patient_id)
    assert (flaw.kind, flaw.first, flaw.last) == ("unread", newer, signed)
    assert [urgency for urgency, _ in alerts(world)] == ["today"]
    (receipt,) = queued(world, band.patient_id, "receipt")
    assert receipt_of(world, band, receipt).number == newer - 1
    (held,) = phone.get("/v1/sync?cursor=0").json()["records"]
    assert (held["received_to"], held["lacks"]) == (signed, [])
    assert set(send(phone, band)) == {"duplicate"}

    monkeypatch.setitem(records.BODIES, NEWER, NewerBody)
    band.write(records.SelfTestBody(True))
    assert set(send(phone, band, first=band.state.number)) == {"accepted"}
    assert chain_of(world, band).verified_hash == band.state.hash
    assert pulses(world) == [600, 600]
    (flaw,) = found(world, band.patient_id)
    assert flaw.ended_by == "record"
    (receipt,) = queued(world, band.patient_id, "receipt")
    assert receipt_of(world, band, receipt).number == band.state.number
    with world.database.read("demo") as session:
        assert session.scalars(select(StoredRecord)).all() == []


def test_more_that_comes_behind_it_is_here_too_and_what_is_missing_is_a_gap(
    world: World, phone: Phone
) -> None:
    band = treating(world, phone)
    newer = write_newer(band)
    send(phone, band)
    for _ in range(2):
        first = band.state.number + 1
        band.write(records.SelfTestBody(True))
        send(phone, band, first=first)
    (flaw,) = found(world, band.patient_id)
    assert (flaw.kind, flaw.first, flaw.last) == ("unread", newer, band.state.number)
    last = band.state.number
    band.session(trains=1)
    phone.items([*band.record_items(last + 3), band.head_item()])
    (held,) = phone.get("/v1/sync?cursor=0").json()["records"]
    assert held["lacks"] == [[last + 1, last + 2]]
    kinds = {each.kind: each.first for each in found(world, band.patient_id)}
    assert kinds == {"unread": newer, "gap": last + 1}


def test_bytes_that_no_format_has_are_refused(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    item = band.record_items()[1]
    for body in (b"junk", b"", canonical.encode([2, "x" * 128]), canonical.encode([9, 99])):
        (found_,) = phone.items([{**item, "body": body}])
        assert found_["answer"] == "refused"
