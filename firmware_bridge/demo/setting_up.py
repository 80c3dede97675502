"""From a new band to one that is cleared to treat, step by step over the link.

What the band has already is left as it is, so that it can be called again. Numbers that must rise
(assignment, enrolment, serial) come from the band's own record.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from firmware_bridge.demo.clinic import DemoClinic
from firmware_bridge.demo.keys import Role
from firmware_bridge.demo.plan import prescription
from firmware_bridge.demo.record import WholeRecord, read_record
from firmware_bridge.link import DeviceRefused, StimulatorClient
from shared.trust.statements import ID_BYTES, Purpose
from shared.wire.operations import BlobKind, NoncePurpose, StatusCode

Press = Callable[[], Awaitable[None]]


async def set_up(client: StimulatorClient, clinic: DemoClinic, press: Press) -> None:
    """Go through every step that the band still lacks; `press` is the person's finger."""
    await become_owner(client, clinic, press)
    await set_time(client, clinic)
    record = await read_record(client)
    await enrol(client, clinic, record)
    await prescribe(client, clinic, record)
    await clear(client, clinic)


async def become_owner(client: StimulatorClient, clinic: DemoClinic, press: Press) -> None:
    """Provision the band; nothing happens where it belongs to somebody."""
    if (await client.hello()).provisioned:
        return
    await client.send_blob(BlobKind.TRANSFER, clinic.keys.transfer)
    await client.send_blob(BlobKind.CERTIFICATE, clinic.certificate(Purpose.ENROLMENT))
    await client.send_blob(BlobKind.ASSIGNMENT, clinic.assignment(clinic.now_s))
    try:
        await client.provision()
    except DeviceRefused as refused:
        if refused.status is not StatusCode.BUTTON_NEEDED:
            raise
        await press()


async def set_time(client: StimulatorClient, clinic: DemoClinic) -> None:
    """Tell the band the time."""
    nonce = await client.nonce(NoncePurpose.TIME)
    await client.set_time(clinic.time(nonce), clinic.certificate(Purpose.TIME))


async def enrol(client: StimulatorClient, clinic: DemoClinic, record: WholeRecord) -> None:
    """Let this phone command the band."""
    own = clinic.keys.private[Role.APP].public_key.key_id
    if own == record.state.control_key_id:
        return
    await client.send_blob(BlobKind.ENROLMENT, clinic.enrolment(record.state.enrolment_number + 1))
    await client.send_blob(BlobKind.CERTIFICATE, clinic.certificate(Purpose.ENROLMENT))
    await client.authorize_app()


async def prescribe(client: StimulatorClient, clinic: DemoClinic, record: WholeRecord) -> None:
    """Put the demonstration's plan on the band, where none is in force."""
    past = record.state
    if past.prescription_hash is not None:
        return
    plan = prescription(
        clinic.keys,
        clinic.now_s,
        serial=past.serial + 1,
        replaces=past.prescription_hash,
        course_id=secrets.token_bytes(ID_BYTES),
    )
    await client.send_blob(BlobKind.PRESCRIPTION, clinic.prescribe(plan))
    await client.install()


async def clear(client: StimulatorClient, clinic: DemoClinic) -> None:
    """Give the clinic's fresh word that nothing speaks against treating."""
    past = (await read_record(client)).state
    nonce = await client.nonce(NoncePurpose.CLEARANCE)
    word = clinic.clearance(
        nonce, serial=past.serial, hold=past.newest_hold, revocation=past.newest_revocation
    )
    await client.clearance(word, clinic.certificate(Purpose.CLEARANCE))
