"""A state is followed from the newest that is kept: an upload costs what came with it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from cloud.ledger import stretches
from cloud.ledger.folds import Folds
from cloud.ledger.models import LedgerChain
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.worlds import World


def chain_of(world: World) -> LedgerChain:
    with world.database.read("demo") as session:
        return session.scalars(select(LedgerChain)).one()


def test_state_after_an_upload_is_the_same_and_reads_what_came_alone(
    world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    band = treating(world, phone)
    band.session()
    send(phone, band)
    folds, before = Folds(), chain_of(world)
    with world.database.read("demo") as session:
        folds.keep(folds.state(session, before, before.verified_to, before.verified_hash))
    first = len(band.data) + 1
    band.session(trains=2)
    send(phone, band, first)
    after, read = chain_of(world), []
    original = stretches.records

    def counted(*args: object, **limits: int) -> object:
        read.append(limits["first"])
        return original(*args, **limits)  # type: ignore[arg-type]

    monkeypatch.setattr(stretches, "records", counted)
    with world.database.read("demo") as session:
        found = folds.state(session, after, after.verified_to, after.verified_hash)
        fresh = Folds().state(session, after, after.verified_to, after.verified_hash)
    assert found == fresh == band.state
    assert read == [first, 1]


def test_kept_state_of_a_history_that_is_no_more_is_not_built_upon(
    world: World, phone: Phone
) -> None:
    band = treating(world, phone)
    send(phone, band)
    folds, chain = Folds(), chain_of(world)
    with world.database.read("demo") as session:
        half = folds.state(session, chain, 1, b"")
        other = replace(half, hash=bytes(32))
        folds.keep(other)
        assert folds.state(session, chain, 1, other.hash) is other
        found = folds.state(session, chain, chain.verified_to, chain.verified_hash)
    assert found == band.state
