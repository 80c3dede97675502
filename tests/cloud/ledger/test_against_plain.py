"""The fast intake against plain references: the same answers, and the same rows.

Answers and the chain are held to lists and dictionaries (`plain`); sessions, doses, closures, flaws
and alerts to the shared fold over each record by itself.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.models import Alert
from cloud.dose.models import Closure, DoseDay
from cloud.ingest.bodies import UpItem
from cloud.ingest.items import ItemIntake
from cloud.ledger import runs, stretches
from cloud.ledger.effects import Means
from cloud.ledger.folds import Folds
from cloud.ledger.models import DeliveredSession, LedgerChain, StoredRecord
from cloud.ledger.moving import Moving
from cloud.phones.models import Phone as StoredPhone
from cloud.proof.models import Flaw
from cloud.times import Times
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import LedgerHead
from shared.wire.batches import number_of
from shared.wire.errors import WireError
from shared.wire.items import ledger_name
from shared.wire.records import MAXIMUM_RECORD_BYTES
from tests.cloud.ledger.bands import Item, live, troubled
from tests.cloud.ledger.plain import PlainChain, Said
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import patient_with, prescribed
from tests.cloud.worlds import Band, World

TABLES = (DeliveredSession, DoseDay, Closure, Flaw, Alert)
OF_CHANCE = {"alert_id"}


class Undone(Exception):
    """Ends a transaction that leaves nothing behind."""


@contextmanager
def trying(world: World) -> Iterator[Session]:
    with suppress(Undone), world.database.write("demo") as session:
        yield session
        raise Undone


def bring(
    world: World, session: Session, batches: list[list[Item]], means: Means
) -> list[dict[str, Said]]:
    """Take uploads in as ingest does, a minute apart."""
    phone = session.scalars(select(StoredPhone)).one()
    said = []
    for number, batch in enumerate(batches):
        now_ms = world.clock.now_ms + number * 60_000
        # Some ids are such that no request has them.
        items = [cast(UpItem, SimpleNamespace(**each)) for each in batch]
        key = world.identity.keys["receipt"]
        answers = ItemIntake(session, phone, means, key, now_ms=now_ms).take(items)
        of_firsts: dict[str, Said] = {}
        for item, each in zip(items, answers, strict=True):
            of_firsts.setdefault(item.id, (each.answer, each.reason))
        said.append(of_firsts)
        session.flush()
        session.expire_all()
    return said


def rows(session: Session) -> list[tuple[object, ...]]:
    """Everything that verified records lead to."""
    return [
        tuple(
            getattr(each, column.name)
            for column in table.__table__.columns
            if column.name not in OF_CHANCE
        )
        for table in TABLES
        for each in sorted(
            session.scalars(select(table)),
            key=lambda row: str([getattr(row, c.name) for c in table.__table__.columns[1:]
                                 if c.name not in OF_CHANCE]),
        )
    ]  # fmt: skip


def said_plainly(plain: PlainChain, band: Band, batch: list[Item]) -> dict[str, Said]:
    """What plain lists say to those items that are readable at all."""
    records: dict[int, tuple[str, bytes]] = {}
    heads, seen = [], set()
    for item in batch:
        if item["id"] in seen:
            continue
        seen.add(item["id"])
        with suppress(WireError, TrustError):
            _, _, number = ledger_name(item["id"], item["kind"])
            if item["kind"] == "record":
                if number_of(item["body"]) == number and len(item["body"]) <= MAXIMUM_RECORD_BYTES:
                    records.setdefault(number, (item["id"], item["body"]))
                continue
            key = PublicKey(band.identity.devices[band.device_id].public_key.data)
            head = sign1.verify(LedgerHead, item["body"], audience=b"demo", key=key)
            heads.append((item["id"], head.number, head.hash))
    return plain.take(records, heads)


def cut(chance: random.Random, sent: list[Item]) -> list[list[Item]]:
    """Split into uploads, in order or in none."""
    if chance.random() < 0.5:
        chance.shuffle(sent)
    size = chance.choice([3, 20, 200])
    return [sent[first : first + size] for first in range(0, len(sent), size)]


def compare(world: World, phone: Phone, seed: int, steps: int) -> None:
    chance = random.Random(seed)
    band = Band(world.identity, phone.bytes_of("patient_id"))
    if chance.random() < 0.9:
        band.install(prescribed(world, patient_with(world, phone)).data)
    heads = live(band, chance, steps)
    sent = cast(list[Item], band.record_items()) + heads
    batches = cut(chance, troubled(band, chance, sent))
    batches += [sent] if chance.random() < 0.5 else []
    plain = PlainChain(band.device_id, band.epoch)
    with trying(world) as session:
        means = Means(Folds(), Times("Europe/Berlin"))
        said = bring(world, session, batches, means)
        fast = rows(session)
        chain = session.get_one(LedgerChain, ("demo", band.device_id, band.epoch))
        kept = [each.data for each in stretches.records(session, chain)]
        reached = (chain.verified_to, chain.verified_hash)
        waits = dict(session.execute(select(StoredRecord.number, StoredRecord.data)).all())
    for batch, answers in zip(batches, said, strict=True):
        for name, expected in said_plainly(plain, band, batch).items():
            assert answers[name] == expected, name
    assert kept == plain.verified
    assert waits == plain.waiting
    assert reached == (len(kept), plain.hashes[-1])
    with trying(world) as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "follow", lambda *_: None)
        patch.setattr(Moving, "take", lambda *_: False)
        assert bring(world, session, batches, Means(Folds(), Times("Europe/Berlin"))) == said
        assert rows(session) == fast


@pytest.mark.parametrize("seed", range(24))
def test_same_answers_and_rows(world: World, phone: Phone, seed: int) -> None:
    compare(world, phone, seed, seed % 12 + 1)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_same_answers_and_rows_many_times(world: World, phone: Phone) -> None:
    for seed in range(1_000, 1_120):
        compare(world, phone, seed, seed % 40 + 1)
