"""Records of every day, taken in place, lead to the very states to which the shared fold leads."""

import random
import secrets
from collections import Counter
from dataclasses import replace

import pytest

from cloud.ledger.moving import Moving
from shared.dose import ledger
from shared.dose.ledger import ClosedSession, Course, LedgerError, LedgerState, OpenSession
from shared.trust.statements import GateOutcome
from shared.wire import records
from shared.wire.records import Record, SessionKind, decode_record
from tests.cloud.ledger.bands import live
from tests.cloud.worlds import Band, Identity, make_identity

LIVES = 20
CLOSED_BY = records.CloseCause.ENDED_BY_PERSON
DAILY = {
    records.ClearanceBody,
    records.GateAnswersBody,
    records.SessionOpenedBody,
    records.SessionClosedBody,
    records.SideEffectAnswersBody,
}


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return make_identity(tmp_path_factory.mktemp("moving") / "identity")


def test_same_states_over_whole_lives(identity: Identity) -> None:
    taken = Counter[type]()
    for seed in range(LIVES):
        band = Band(identity, secrets.token_bytes(16))
        live(band, random.Random(seed), 25, sound=True)
        state = ledger.genesis(band.device_id, band.epoch)
        moving = Moving(state)
        for data in band.data:
            record = decode_record(data)
            state = ledger.take(state, data)
            if moving.take(record, state.hash):
                taken[type(record.body)] += 1
            else:
                moving.move_to(state)
            assert moving.state() == state
            assert (moving.course, moving.course_id) == (state.course, state.course_id)
    assert taken.keys() == DAILY
    assert min(taken.values()) > 10


def test_same_state_from_any_state() -> None:
    """Or none, where the shared fold is to judge."""
    chance, taken = random.Random(1), Counter[type]()
    for _ in range(3_000):
        before = any_state(chance)
        record = any_record(chance, before)
        after = take(before, record)
        if after is not None:
            taken[type(record.body)] += 1
            assert after == replace(ledger.follow(before, record, b""), hash=b"h"), record
    assert taken.keys() == DAILY


def any_state(chance: random.Random) -> LedgerState:
    name, some = chance.choice([b"a" * 16, b"b" * 16]), chance.choice
    session = OpenSession(
        name,
        bytes(32),
        600,
        20,
        kind=some(list(SessionKind)),
        charged_pulses=some([0, 30]),
        trains_begun=1,
        counted=some([False, True]),
        stopped=some([False, True]),
    )
    last = ClosedSession(
        b"a" * 16, bytes(32), 600, 30, True, CLOSED_BY, None, red_flag=some([None, False, True])
    )
    return LedgerState(
        number=some([0, 7, 7, 7]),
        hash=b"h",
        proven_ms=1_000,
        boot_base_ms=some([0, 500]),
        session=some([None, session]),
        last_session=some([None, last]),
        current_course=some([None, Course(b"c" * 16, began_wall_ms=some([None, 5]))]),
        supervised_until_ms=some([None, 900, 2_000]),
        sessions_partial=3,
        sessions_completed=3,
    )


def any_record(chance: random.Random, state: LedgerState) -> Record:
    name = chance.choice([b"a" * 16, b"b" * 16])
    kind, flag = chance.choice(list(SessionKind)), chance.choice([False, True])
    bodies: list[records.Body] = [
        records.ClearanceBody(bytes(32), 1, 1, 0, 0, 2**40),
        records.GateAnswersBody(bytes(32), chance.choice(list(GateOutcome)), 60, 1),
        records.SessionOpenedBody(name, bytes(32), 600, 20, bytes(32), kind),
        records.SessionClosedBody(name, CLOSED_BY, flag, 30),
        records.SideEffectAnswersBody(bytes(32), name, flag),
    ]
    body = chance.choice(bodies)
    clock_ms = chance.choice([None, 1_772_442_000_000])
    return Record(state.number + 1, body.TYPE, 0, chance.choice([1_000, 1_500]), clock_ms, body)


def take(state: LedgerState, record: Record) -> LedgerState | None:
    moving = Moving(state)
    return moving.state() if moving.take(record, b"h") else None


def in_a_session(identity: Identity, kind: SessionKind = SessionKind.TREATMENT) -> Band:
    band = Band(identity, secrets.token_bytes(16))
    band.session(trains=2)
    band.write(
        records.SessionOpenedBody(
            secrets.token_bytes(16), band.prescription_hash, 600, 20, bytes(32), kind
        )
    )
    return band


def next_of(band: Band, body: records.Body) -> Record:
    state = band.state
    return Record(state.number + 1, body.TYPE, state.boot_count, state.proven_ms, None, body)


def test_what_does_not_follow_is_left_to_the_shared_fold(identity: Identity) -> None:
    band = in_a_session(identity)
    record = next_of(band, records.ClearanceBody(bytes(32), 1, 1, 0, 0, 2**40))
    assert take(band.state, record) is not None
    for odd in (
        replace(record, number=record.number + 1),
        replace(record, number=record.number - 1),
        replace(record, boot_count=record.boot_count + 1),
        replace(record, boot_count=record.boot_count - 1),
        replace(record, uptime_ms=record.uptime_ms - 1),
    ):
        assert take(band.state, odd) is None, odd
        with pytest.raises(LedgerError):
            ledger.follow(band.state, odd, b"")


@pytest.mark.parametrize("kind", SessionKind)
def test_sessions_out_of_the_ordinary_are_left_to_the_shared_fold(
    identity: Identity, kind: SessionKind
) -> None:
    band = in_a_session(identity, kind)
    assert band.state.session is not None
    name, cause = band.state.session.session_id, records.CloseCause.ENDED_BY_PERSON
    closed = records.SessionClosedBody(name, cause, False, 0)
    for body in (
        records.SessionOpenedBody(bytes(16), bytes(32), 600, 20, bytes(32)),
        records.GateAnswersBody(bytes(32), GateOutcome.POSTPONE, 60, 1),
        replace(closed, session_id=bytes(16)),
        closed,  # without a pulse
    ):
        assert take(band.state, next_of(band, body)) is None, body
    band.write(records.SliceReservedBody(1, 1, 30, 50, band.state.counter))
    assert take(band.state, next_of(band, closed)) is None  # its slice is open
    band.write(records.SliceClosedBody(1, 1, 30, 30, band.state.proven_ms))
    assert take(band.state, next_of(band, closed)) is not None
