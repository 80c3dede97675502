"""Ledgers of bands that went through much, and uploads of them in any state."""

import random
import secrets
from dataclasses import replace
from typing import Any

from shared.dose.ledger import chain_hash
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import GateOutcome, HoldKind, HoldSource, LedgerHead
from shared.wire import items, records
from tests.cloud.worlds import Band

Item = dict[str, Any]
MINUTE_MS, DAY_MS = 60_000, 86_400_000


def live(band: Band, chance: random.Random, steps: int, *, sound: bool = False) -> list[Item]:
    """Let the band live through so many things; return the heads that it signed meanwhile."""
    heads = []
    for _ in range(steps):
        chance.choice(DOINGS if sound else (*DOINGS, _unsound))(band, chance)
        if chance.random() < 0.4:
            heads.append(band.head_item())
    return [*heads, band.head_item()]


def _whole(band: Band, chance: random.Random) -> None:
    if band.state.session is None:
        trains = chance.randint(1, 20)
        band.session(trains=trains, planned=chance.choice([trains, 20]))


def _beyond(band: Band, _chance: random.Random) -> None:
    if band.state.session is None:
        band.session(trains=4, planned=2)


def _open(band: Band, chance: random.Random) -> None:
    """A session that nothing ends yet, its slices left open or measured otherwise."""
    if band.state.session is None:
        kind = chance.choice(list(records.SessionKind))
        band.write(
            records.SessionOpenedBody(
                secrets.token_bytes(16), band.prescription_hash, 600, 20, bytes(32), kind
            )
        )
    for train in range(1, chance.randint(1, 30)):
        _slice(band, chance, train)


def _slice(band: Band, chance: random.Random, train: int) -> None:
    counter = band.state.counter + (chance.random() < 0.02)
    session = band.state.session
    assert session is not None
    if session.reserved is None:
        pulses = chance.choice([1, 30, 50])
        band.write(records.SliceReservedBody(train, 1, pulses, chance.randint(0, 100), counter))
    if chance.random() < 0.95:
        last_ms = max(0, band.state.proven_ms - chance.randint(-900, 900))
        measured = chance.choice([0, 29, 30, 60])
        band.write(records.SliceClosedBody(train, 1, chance.choice([0, 30]), measured, last_ms))
    if chance.random() < 0.1:
        _pass(band, chance)


def _close(band: Band, _chance: random.Random) -> None:
    session = band.state.session
    if session is not None:
        cause = records.CloseCause.ENDED_BY_PERSON
        charged = session.charged_pulses
        band.write(records.SessionClosedBody(session.session_id, cause, False, charged))


def _pause(band: Band, _chance: random.Random) -> None:
    if band.state.session is not None:
        band.write(records.SessionPausedBody(records.PauseCause.STOP))


def _hold(band: Band, _chance: random.Random) -> None:
    if len(band.state.holds) < 4:
        hold = records.HoldPlacedBody(
            secrets.token_bytes(16), HoldKind.SAFETY, HoldSource.CLOUD, "clinician", 1
        )
        band.write(hold)


def _lift(band: Band, _chance: random.Random) -> None:
    for hold in band.state.holds[:1]:
        band.write(records.HoldLiftedBody(bytes(32), hold.hold_id))


def _screening(band: Band, _chance: random.Random) -> None:
    band.write(records.GateAnswersBody(bytes(32), GateOutcome.POSTPONE, 2 * 86_400, 1))


def _screened(band: Band, chance: random.Random) -> None:
    band.write(records.GateAnswersBody(bytes(32), GateOutcome.PASS, 0, chance.choice([1, 300])))


def _cleared(band: Band, chance: random.Random) -> None:
    band.write(records.ClearanceBody(bytes(32), 1, chance.choice([1, 2**33]), 0, 0, 2**40))


def _answered(band: Band, chance: random.Random) -> None:
    last = band.state.last_session
    if last is not None:
        name = chance.choice([last.session_id] * 3 + [bytes(16)])
        band.write(records.SideEffectAnswersBody(bytes(32), name, chance.random() < 0.3))


def _fault(band: Band, _chance: random.Random) -> None:
    band.write(records.FaultBody("memory"))


def _boot(band: Band, _chance: random.Random) -> None:
    proven_ms = band.state.proven_ms + MINUTE_MS
    record = records.Record(
        band.state.number + 1,
        records.RecordType.BOOT,
        band.state.boot_count + 1,
        0,
        band.clock_ms,
        records.BootBody(proven_ms, False, proven_ms, "1.0.0"),
    )
    band.take(record)


def _pass(band: Band, chance: random.Random) -> None:
    band.pass_time(chance.choice([MINUTE_MS, 595_000, 12 * MINUTE_MS, DAY_MS // 2, 8 * DAY_MS]))


def _set_clock(band: Band, chance: random.Random) -> None:
    clock_ms = band.clock_ms or 1_772_442_000_000
    band.clock_ms = chance.choice([None, clock_ms - DAY_MS, clock_ms, clock_ms + 40 * DAY_MS])


def _unsound(band: Band, chance: random.Random) -> None:
    """A band that writes, and signs, what does not follow."""
    if chance.random() < 0.9:
        return
    body = records.SliceReservedBody(1, 1, 30, 50, 0)
    number = band.state.number + chance.choice([1, 1, 2])
    record = records.Record(number, body.TYPE, band.state.boot_count, 0, band.clock_ms, body)
    data = records.encode_record(record)
    hash_ = chain_hash(band.state.hash, data)
    band.state = replace(band.state, number=band.state.number + 1, hash=hash_)
    band.data.append(data)


DOINGS = (
    *([_whole] * 5),
    *([_open] * 3),
    *([_pass] * 4),
    *([_answered] * 2),
    _beyond, _close, _pause, _hold, _lift, _screening, _screened, _cleared, _fault, _boot,
    _set_clock,
)  # fmt: skip


def troubled(band: Band, chance: random.Random, sent: list[Item]) -> list[Item]:
    """Return the items as a phone may bring them: broken, doubled, of another history or key."""
    found = list(sent)
    for item in chance.sample(sent, k=min(len(sent), chance.randint(0, 3))):
        found.append(chance.choice([_broken, _doubled, _misnamed])(item, chance))
    if chance.random() < 0.3:
        found.append(_another_history(band, chance))
    if chance.random() < 0.2:
        found.append(_forged(band))
    return found


def _broken(item: Item, chance: random.Random) -> Item:
    body = bytearray(item["body"])
    body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return {**item, "body": bytes(body)}


def _doubled(item: Item, _chance: random.Random) -> Item:
    return dict(item)


def _misnamed(item: Item, chance: random.Random) -> Item:
    ending = chance.choice(["0", "/", "x", "\u0665", "99999999999"])
    return {**item, "id": item["id"] + ending}


def _head(band: Band, number: int, hash_: bytes, key: SoftwareKey) -> Item:
    nonce = secrets.token_bytes(16)
    head = LedgerHead(band.device_id, band.epoch, number, hash_, nonce, 0, 1)
    envelope = sign1.sign(head, audience=band.identity.clinic_id.encode(), signer=key)
    name = items.head_id(band.device_id, band.epoch, number, nonce)
    return {"id": name, "kind": "head", "body": envelope}


def _another_history(band: Band, chance: random.Random) -> Item:
    """A head over other records, by the band's own key."""
    key = band.identity.devices[band.device_id]
    return _head(band, chance.randint(1, len(band.data)), secrets.token_bytes(32), key)


def _forged(band: Band) -> Item:
    return _head(band, len(band.data), band.state.hash, SoftwareKey.generate())
