"""A run of slices at once leads to the very state to which its records lead one by one."""

import random
import secrets
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import pytest

from cloud.ledger import runs
from cloud.ledger.slices import Slice, read
from shared.dose import ledger
from shared.dose.ledger import LedgerState
from tests.cloud.ledger.bands import live
from tests.cloud.worlds import Band, Identity, make_identity

LIVES = 40


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return make_identity(tmp_path_factory.mktemp("runs") / "identity")


def runs_of(band: Band, chance: random.Random) -> Iterator[tuple[LedgerState, list[bytes]]]:
    """Each run with the state before it, now and then only a part of one."""
    state = ledger.genesis(band.device_id, band.epoch)
    for is_run, group in groupby(band.data, key=lambda data: isinstance(read(data), Slice)):
        data = list(group)
        while data:
            part = data[: chance.randint(1, len(data))] if is_run else data
            data = data[len(part) :]
            if is_run:
                yield state, part
            for each in part:
                state = ledger.take(state, each)


def one_by_one(state: LedgerState, part: list[bytes]) -> tuple[LedgerState, int]:
    """The state behind a run, and the most that its session had come to meanwhile."""
    most = 0
    for data in part:
        state = ledger.take(state, data)
        most = max(most, state.session.charged_pulses if state.session else 0)
    return state, most


@pytest.mark.parametrize("seed", range(LIVES))
def test_same_state_as_one_by_one(identity: Identity, seed: int) -> None:
    chance = random.Random(seed)
    band = Band(identity, secrets.token_bytes(16))
    live(band, chance, 25, sound=True)
    for before, part in runs_of(band, chance):
        slices = [each for each in map(read, part) if isinstance(each, Slice)]
        expected, most = one_by_one(before, part)
        run = runs.follow(before, slices, expected.hash)
        if run is None:
            counters = [one.fifth for one in slices if one.type == 15]
            assert counters != list(range(before.counter, before.counter + len(counters)))
            continue
        assert replace(before, **run.changes) == expected
        assert run.charged_at_most >= most


def test_what_is_out_of_the_ordinary_is_left_to_the_fold(identity: Identity) -> None:
    band = Band(identity, secrets.token_bytes(16))
    band.session(trains=3, planned=3)
    before = ledger.genesis(band.device_id, band.epoch)
    for data in band.data[:2]:
        before = ledger.take(before, data)
    slices = [each for each in map(read, band.data[2:8]) if isinstance(each, Slice)]
    assert runs.follow(before, slices, b"h") is not None
    first, *others = slices
    for odd in (
        replace_(first, fifth=first.fifth + 1),
        replace_(first, number=first.number + 1),
        replace_(first, boot_count=1),
        replace_(first, type=16),
        replace_(first, uptime_ms=0),
    ):
        assert runs.follow(before, [odd, *others], b"h") is None, odd
    assert runs.follow(replace(before, session=None), slices, b"h") is None
    assert runs.follow(before, [first, first], b"h") is None


def replace_(one: Slice, **values: int) -> Slice:
    return one._replace(**values)
