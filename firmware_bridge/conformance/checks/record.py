"""What stands in the ledger of all that was done, and who says so."""

from __future__ import annotations

import secrets

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import Deviation, expect, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.demo.record import read_record
from shared.trust import sign1
from shared.trust.statements import NONCE_BYTES, LedgerHead
from shared.wire.operations import Operation, OutcomeResult, SessionArguments
from shared.wire.records import (
    Record,
    RecordType,
    SessionClosedBody,
    SliceClosedBody,
    SliceReservedBody,
)

checks = Checks(Need.OWNED)

SET_UP = (
    RecordType.PROVISIONED,
    RecordType.CLOCK_SET,
    RecordType.APP_AUTHORIZED,
    RecordType.PRESCRIPTION_INSTALLED,
    RecordType.CLEARANCE,
)
IN_A_SESSION = (
    RecordType.SESSION_OPENED,
    RecordType.SLICE_RESERVED,
    RecordType.SLICE_CLOSED,
    RecordType.SESSION_PAUSED,
    RecordType.SESSION_CLOSED,
)


@checks.add(Section.LEDGER)
async def chain(bench: Bench) -> None:
    """Every record follows the one before, from the genesis over device and epoch on."""
    phone = await bench.phone()
    record = await read_record(phone.client)
    same(record.state.number, (await phone.client.hello()).head_number, "last record")


@checks.add(Section.LEDGER, Operation.HEAD)
async def head(bench: Bench) -> None:
    """The head over our nonce is signed by the certified key, and over just these records."""
    phone, clinic = await bench.phone(), bench.demo
    nonce = secrets.token_bytes(NONCE_BYTES)
    signed = await phone.client.head(nonce)
    said = sign1.verify(LedgerHead, signed, audience=clinic.keys.clinic_id, key=clinic.keys.device)
    state = (await read_record(phone.client)).state
    same(said.nonce, nonce, "nonce")
    same(said.device_id, clinic.keys.device_id, "device")
    same((said.number, said.hash), (state.number, state.hash), "where the record stands:")


@checks.add(Section.LEDGER, needs=(Need.CLEARED,))
async def set_up_is_recorded(bench: Bench) -> None:
    """Owner, clock, app, plan and clearance stand on the record."""
    found = {record.type for record in await _records(bench)}
    lacking = [kind.name for kind in SET_UP if kind not in found]
    expect(not lacking, "a record of each step", f"none of {lacking}")


@checks.add(Section.LEDGER, needs=(Need.TREATED,))
async def session_is_recorded(bench: Bench) -> None:
    """A session stands on the record slice by slice, each reserved before it was closed."""
    records = await _session(bench)
    found = {record.type for record in records}
    lacking = [kind.name for kind in IN_A_SESSION if kind not in found]
    expect(not lacking, "a record of each step", f"none of {lacking}")
    reserved: SliceReservedBody | None = None
    for record in records:
        if isinstance(record.body, SliceReservedBody):
            expect(reserved is None, "a slice closed before the next", record.number)
            reserved = record.body
        elif isinstance(record.body, SliceClosedBody):
            _check_slice(record.body, reserved)
            reserved = None
    expect(reserved is None, "every slice closed", reserved)


@checks.add(Section.LEDGER, Operation.SESSION_OUTCOME, needs=(Need.TREATED,))
async def pulses_add_up(bench: Bench) -> None:
    """The slices, the close and the outcome say the same number of pulses."""
    phone, records = await bench.phone(), await _session(bench)
    slices = sum(
        max(record.body.commanded, record.body.measured)
        for record in records
        if isinstance(record.body, SliceClosedBody)
    )
    closed = [r.body for r in records if isinstance(r.body, SessionClosedBody)]
    same(len(closed), 1, "closes of the session:")
    outcome: OutcomeResult = await phone.ask(
        Operation.SESSION_OUTCOME, SessionArguments(closed[0].session_id)
    )
    same(closed[0].charged_pulses, slices, "the close says")
    same(outcome.charged_pulses, slices, "the outcome says")


def _check_slice(closed: SliceClosedBody, reserved: SliceReservedBody | None) -> None:
    if reserved is None:
        raise Deviation("a slice reserved before it is closed", f"{closed}")
    same((closed.train, closed.slice), (reserved.train, reserved.slice), "train and slice")
    most = max(closed.commanded, closed.measured)
    expect(most <= reserved.pulses, f"at most {reserved.pulses} pulses", most)


async def _session(bench: Bench) -> list[Record]:
    """The records of the session that this run opened."""
    armed = bench.kept.armed
    if armed is None:
        raise Deviation("an armed session", "none")
    records = await _records(bench)
    opened = [
        place
        for place, record in enumerate(records)
        if record.type is RecordType.SESSION_OPENED
        and getattr(record.body, "session_id", b"") == armed.session_id
    ]
    same(len(opened), 1, "openings of the session:")
    return records[opened[0] :]


async def _records(bench: Bench) -> list[Record]:
    return list((await read_record((await bench.phone()).client)).records)
