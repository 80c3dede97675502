"""The demonstration's clinic takes the band: owner, time, app, plan, clearance."""

from __future__ import annotations

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import LeftOff, expect, refused, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.phone import Phone
from firmware_bridge.conformance.sections import Section
from firmware_bridge.demo import setting_up
from firmware_bridge.demo.keys import Role
from firmware_bridge.demo.record import read_record
from shared.dose.reasons import ReasonCode
from shared.trust.statements import NONCE_BYTES, Purpose
from shared.wire.operations import (
    BlobKind,
    HeadArguments,
    HelloResult,
    Operation,
    StatusCode,
)
from shared.wire.records import RecordType
from shared.wire.status import DeviceState

checks = Checks(Need.BONDED, Need.KEYS)


@checks.add(Section.OPERATIONS, Operation.HELLO, gives=(Need.UNOWNED,))
async def found_as(bench: Bench) -> None:
    """The band is nobody's, or the demonstration's already."""
    hello = await (await bench.phone()).client.hello()
    same(hello.device_id, bench.demo.keys.device_id, "device id of the keys")
    if hello.provisioned:
        raise LeftOff(Need.UNOWNED.value)


@checks.add(Section.STATES, Operation.HEAD, needs=(Need.UNOWNED,))
async def of_nobody(bench: Bench) -> None:
    """A band of nobody's is UNPROVISIONED, signs no head and says why it is locked."""
    phone = await bench.phone()
    status = await phone.status()
    same(status.state, DeviceState.UNPROVISIONED, "state")
    head = phone.ask(Operation.HEAD, HeadArguments(bytes(NONCE_BYTES)))
    await refused(head, StatusCode.NOT_PROVISIONED, "not_provisioned")
    reasons = {reason.code for reason in status.reasons}
    expect(int(ReasonCode.NOT_PROVISIONED) in reasons, "NOT_PROVISIONED", reasons)


@checks.add(Section.STATES, Operation.PRACTICE, Operation.SELF_TEST, needs=(Need.UNOWNED,))
async def nothing_without_owner(bench: Bench) -> None:
    """A band of nobody's takes no practice, no self-test and no session."""
    phone = await bench.phone()
    for operation in (Operation.PRACTICE, Operation.SELF_TEST):
        await refused(phone.ask(operation), StatusCode.NOT_PROVISIONED, "not_provisioned")


@checks.add(
    Section.OPERATIONS,
    Operation.PROVISION,
    needs=(Need.UNOWNED, Need.BUTTON),
)
async def owner_by_button(bench: Bench) -> None:
    """PROVISION waits for the button, and the band belongs to nobody before."""
    phone = await bench.phone()
    await _send_owner(phone, bench)
    await refused(phone.ask(Operation.PROVISION), StatusCode.BUTTON_NEEDED, "press_the_button")
    expect(not (await phone.client.hello()).provisioned, "nobody's band", "an owner")
    await bench.person.press()
    said = await phone.client.hello()
    expect(said.provisioned, "an owner after the press", "none")
    expect(said.head_number >= 1, "a record", said.head_number)
    same(said.state, DeviceState.IDLE, "state")


@checks.add(Section.OPERATIONS, Operation.HELLO, gives=(Need.OWNED,))
async def owned(bench: Bench) -> None:
    """The band belongs to the demonstration's clinic, and its record begins with PROVISIONED."""
    phone = await bench.phone()
    hello = await phone.client.hello()
    if not hello.provisioned:
        raise LeftOff(Need.OWNED.value)
    await _require_ours(phone, bench, hello)


@checks.add(Section.OPERATIONS, Operation.PROVISION, needs=(Need.OWNED,))
async def owned_once(bench: Bench) -> None:
    """Nobody else provisions a band that has an owner, without the owner's word."""
    phone = await bench.phone()
    await _send_owner(phone, bench)
    await refused(phone.ask(Operation.PROVISION), StatusCode.ALREADY, "already_provisioned")


@checks.add(Section.OPERATIONS, Operation.SET_TIME, needs=(Need.OWNED,))
async def time(bench: Bench) -> None:
    """SET_TIME makes the clock trusted, and stands on the record."""
    phone = await bench.phone()
    before = (await phone.client.hello()).head_number
    await setting_up.set_time(phone.client, bench.demo)
    said = await phone.client.hello()
    expect(said.clock_trusted, "a trusted clock", "none")
    expect(said.head_number > before, "a record", "none")


@checks.add(
    Section.OPERATIONS, Operation.AUTHORIZE_APP, needs=(Need.OWNED,), gives=(Need.ENROLLED,)
)
async def enrolled(bench: Bench) -> None:
    """AUTHORIZE_APP enrols the app and gives it control."""
    phone = await bench.phone()
    await setting_up.enrol(phone.client, bench.demo, await read_record(phone.client))
    own = bench.demo.keys.private[Role.APP].public_key.key_id
    said = await phone.client.hello()
    same(said.app_key_id, own, "newest app")
    same(said.control_key_id, own, "app in control")


@checks.add(Section.OPERATIONS, Operation.AUTHORIZE_APP, needs=(Need.ENROLLED,))
async def enrolled_again(bench: Bench) -> None:
    """The enrolment in force again changes nothing."""
    phone = await bench.phone()
    record = await read_record(phone.client)
    await phone.client.send_blob(
        BlobKind.ENROLMENT, bench.demo.enrolment(record.state.enrolment_number)
    )
    certificate = bench.demo.certificate(Purpose.ENROLMENT)
    await phone.client.send_blob(BlobKind.CERTIFICATE, certificate)
    await phone.ask(Operation.AUTHORIZE_APP)
    same((await phone.client.hello()).head_number, record.state.number, "records")


@checks.add(Section.PRESCRIPTION, Operation.INSTALL, needs=(Need.ENROLLED,), gives=(Need.PLANNED,))
async def installed(bench: Bench) -> None:
    """A prescription signed by the prescriber's passkey is installed, and the status names it."""
    phone = await bench.phone()
    await setting_up.prescribe(phone.client, bench.demo, await read_record(phone.client))
    state = (await read_record(phone.client)).state
    status = await phone.until(lambda s: s.serial == state.serial, "the new serial")
    same(status.prescription_hash, state.prescription_hash, "hash in the status")
    bench.kept.plan_hash = state.prescription_hash


@checks.add(Section.OPERATIONS, Operation.CLEARANCE, needs=(Need.PLANNED,), gives=(Need.CLEARED,))
async def cleared(bench: Bench) -> None:
    """CLEARANCE lets sessions be; before, the band says that it lacks one."""
    phone = await bench.phone()
    await setting_up.clear(phone.client, bench.demo)
    status = await phone.status()
    lacking = {ReasonCode.CLEARANCE_MISSING, ReasonCode.CLEARANCE_OLD}
    found = lacking & {reason.code for reason in status.reasons}
    expect(not found, "a clearance in force", found)
    expect(status.clearance_ends_s is not None, "an end of the clearance", "none")


async def _send_owner(phone: Phone, bench: Bench) -> None:
    clinic = bench.demo
    await phone.client.send_blob(BlobKind.TRANSFER, clinic.keys.transfer)
    certificate = clinic.certificate(Purpose.ENROLMENT)
    await phone.client.send_blob(BlobKind.CERTIFICATE, certificate)
    await phone.client.send_blob(BlobKind.ASSIGNMENT, clinic.assignment(clinic.now_s))


async def _require_ours(phone: Phone, bench: Bench, hello: HelloResult) -> None:
    if hello.first_number != 1:
        raise LeftOff("the band has overwritten the beginning of its record")
    record = await read_record(phone.client)
    same(record.records[0].type, RecordType.PROVISIONED, "type of record 1:")
    if record.state.patient_id != bench.demo.keys.patient_id:
        raise LeftOff(Need.OWNED.value)
