"""A second phone sends well-formed records that the band never wrote: its own get through."""

import random
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.ingest import ledger_items
from cloud.ledger import stretches
from cloud.ledger.effects import Means
from cloud.ledger.folds import Folds
from cloud.ledger.headless import HEADLESS_AT_MOST
from cloud.ledger.models import LedgerChain
from cloud.proof.models import Flaw
from cloud.proof.service import OfDevice, Seen, find, of_clinic
from cloud.times import Times
from shared.wire import records
from shared.wire.items import record_id
from tests.cloud.ledger.bands import Item, live
from tests.cloud.ledger.test_against_plain import bring, trying
from tests.cloud.phone import Phone
from tests.cloud.worlds import Band, World


def forged(band: Band, number: int, chance: random.Random) -> Item:
    """A record of that number that any reader takes for one."""
    body = records.SelfTestBody(chance.random() < 0.5)
    uptime_ms = chance.randrange(2**40)
    record = records.Record(number, body.TYPE, 0, uptime_ms, band.clock_ms, body)
    name = record_id(band.device_id, band.epoch, number)
    return {"id": name, "kind": "record", "body": records.encode_record(record)}


def cut(sent: list[Item], chance: random.Random) -> list[list[Item]]:
    """Split into uploads of any size, in order."""
    found, place = [], 0
    while place < len(sent):
        size = chance.choice([1, 7, 20, 1_000])
        found.append(sent[place : place + size])
        place += size
    return found


def bring_all(world: World, session: Session, batches: list[list[Item]]) -> set[str]:
    said = bring(world, session, batches, Means(Folds(), Times("Europe/Berlin")))
    return {answer for answers in said for answer, _ in answers.values()}


def assert_all_is_verified(session: Session, band: Band) -> None:
    chain = session.get_one(LedgerChain, ("demo", band.device_id, band.epoch))
    assert [each.data for each in stretches.records(session, chain)] == band.data
    assert (chain.verified_to, chain.verified_hash) == (band.state.number, band.state.hash)
    standing = {flaw.kind for flaw in of_clinic(session, "demo") if flaw.ended_ms is None}
    assert not standing & {"gap", "mismatch"}


@pytest.mark.parametrize("seed", range(12))
def test_what_the_band_signed_is_verified_whatever_came_beside_it(
    world: World, phone: Phone, seed: int
) -> None:
    chance = random.Random(seed)
    band = Band(world.identity, phone.bytes_of("patient_id"))
    heads = live(band, chance, seed % 6 + 1, sound=True)
    own = cast(list[Item], band.record_items())
    wanted = chance.choice([1, 3, len(own)])
    numbers = chance.sample(range(1, len(own) + 1), k=min(wanted, len(own)))
    uploads = cut([forged(band, number, chance) for number in numbers], chance)
    for upload in cut([*own, *heads], chance):
        uploads.insert(chance.randint(0, len(uploads)), upload)
    with trying(world) as session:
        bring_all(world, session, uploads)
        bring_all(world, session, cut([*own, *heads], chance))
        assert_all_is_verified(session, band)


def test_one_forged_record_before_the_honest_ones_holds_nothing_up(
    world: World, phone: Phone
) -> None:
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.session()
    own = cast(list[Item], [*band.record_items(), band.head_item()])
    with trying(world) as session:
        assert bring_all(world, session, [[forged(band, 5, random.Random(1))]]) == {"accepted"}
        uploads = [own[first : first + 20] for first in range(0, len(own), 20)]
        assert bring_all(world, session, uploads) == {"accepted"}
        assert_all_is_verified(session, band)


def test_a_forged_record_in_the_upload_that_is_verified_is_refused_and_its_neighbours_are_not(
    world: World, phone: Phone
) -> None:
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.session(trains=2)
    own = cast(list[Item], band.record_items())
    with trying(world) as session:
        bring_all(world, session, [own[:4]])
        last = [forged(band, 2, random.Random(1)), *own[4:], cast(Item, band.head_item())]
        said = bring(world, session, [last], Means(Folds(), Times("Europe/Berlin")))[0]
        assert said.pop(str(own[1]["id"]))[0] == "refused"
        assert {answer for answer, _ in said.values()} == {"accepted"}
        assert_all_is_verified(session, band)


def test_epochs_that_no_head_stands_for_are_few_and_take_no_room_from_the_bands_own(
    world: World, phone: Phone
) -> None:
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.session(trains=1)
    made_up = [Band(world.identity, band.patient_id) for _ in range(50)]
    sent = [cast(Item, each.record_items()[0]) for each in made_up]
    own = cast(list[Item], [*band.record_items(), band.head_item()])
    with trying(world) as session:
        assert bring_all(world, session, [own[:2], sent]) == {"accepted"}
        chains = session.scalars(select(LedgerChain)).all()
        assert len(chains) == HEADLESS_AT_MOST
        assert bring_all(world, session, [own, sent]) <= {"accepted", "duplicate"}
        assert_all_is_verified(session, band)
        assert len(session.scalars(select(LedgerChain)).all()) == 1 + HEADLESS_AT_MOST


def test_many_items_of_other_bands_are_one_finding(world: World, phone: Phone) -> None:
    other = Band(world.identity, phone.bytes_of("patient_id"), device_id=world.identity.device_id)
    sent = [
        {**cast(Item, other.record_items()[0]), "id": record_id(bytes(16), bytes(16), number)}
        for number in range(1, 200)
    ]
    with trying(world) as session, pytest.MonkeyPatch.context() as patch:
        looked: list[Seen] = []

        def look(session: Session, about: OfDevice, seen: Seen, *, now_ms: int) -> Flaw:
            looked.append(seen)
            return find(session, about, seen, now_ms=now_ms)

        patch.setattr(ledger_items, "find", look)
        assert bring_all(world, session, [sent]) == {"refused"}
        assert len(looked) == 1
        (flaw,) = of_clinic(session, "demo")
        assert (flaw.kind, flaw.first, flaw.last) == ("foreign_device", 1, 199)
