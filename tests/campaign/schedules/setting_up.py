"""From a band out of its box to one that is ready to treat: the snapshots that schedules copy."""

from __future__ import annotations

import asyncio
import functools
from contextlib import ExitStack

from firmware_bridge.link import DeviceRefused
from shared.trust.staff_words import Supervise
from shared.trust.statements import Gate, GateOutcome, Purpose, TrainingDone
from shared.wire.items import DownKind
from shared.wire.operations import BlobKind, NoncePurpose
from tests.campaign.schedules.clinic import DEVICE_ID
from tests.campaign.schedules.kinds import Kind
from tests.campaign.schedules.memory_store import Shelf
from tests.campaign.schedules.phone import Phone
from tests.campaign.schedules.stage import Snapshot, Stage, without_chance
from tests.campaign.schedules.timeline import Timeline

SETTLED_MS = 5_000


def build_snapshot(timeline: Timeline, shelf: Shelf, kind: Kind, *, sessions: int) -> Snapshot:
    """Return a world in which the band is set up and has given so many sessions."""
    stage = Stage(timeline, shelf, kind, 1, None)
    with ExitStack() as patches:
        for patch in without_chance(1):
            patches.enter_context(patch)
        asyncio.set_event_loop(timeline)
        return timeline.run_until_complete(_set_up(stage, sessions))


async def _set_up(stage: Stage, sessions: int) -> Snapshot:
    stage.band.switch_on()
    phone = stage.open_app(None)
    assert await phone.ready()
    await own(stage, phone, stage.person.patient)
    await enrol(stage, phone)
    await phone.stimulator.accept_catalogue(stage.clinic.acceptance())
    stage.clinic.serial = stage.person.prescription.serial
    stage.cloud.put(DownKind.PRESCRIPTION, stage.clinic.prescribe(stage.person.prescription))
    await phone.round()
    statement = phone.signed(TrainingDone(stage.person.patient, 1))
    await phone.stimulator.training_done(statement)
    for _ in range(sessions):
        await whole_session(stage, phone)
    await phone.round()
    snapshot = functools.partial(
        Snapshot,
        stage.kind,
        stage.band.kept.copy(),
        stage.world,
        tuple(stage.person.clinics),
        tuple(stage.cloud.down),
        phone.image(),
        stage.person.prescription,
    )
    await stage.sleep_ms(SETTLED_MS)
    stage.band.switch_off()
    await stage.settle()
    return snapshot(stage.timeline.now_us, stage.band.boots, tuple(stage.air.heard))


async def own(stage: Stage, phone: Phone, patient_id: bytes, *, transfer: bool = True) -> None:
    """Give the band to a clinic and a patient; the button agrees."""
    if transfer:
        await phone.blob(BlobKind.TRANSFER, stage.clinic.transfer())
    await phone.blob(BlobKind.CERTIFICATE, stage.clinic.certificate(Purpose.ENROLMENT))
    await phone.blob(BlobKind.ASSIGNMENT, stage.clinic.assignment(patient_id))
    try:
        await phone.stimulator.provision()
    except DeviceRefused as refused:
        if refused.reason != "press_the_button":
            raise
    stage.band.press()


async def enrol(stage: Stage, phone: Phone) -> None:
    """Enrol the phone's app; the clock has to be set for it."""
    await phone.set_time()
    enrolment = stage.clinic.enrolment(phone.app, phone.patient_id)
    await phone.blob(BlobKind.ENROLMENT, enrolment)
    await phone.blob(BlobKind.CERTIFICATE, stage.clinic.certificate(Purpose.ENROLMENT))
    await phone.stimulator.authorize_app()


async def whole_session(stage: Stage, phone: Phone) -> None:
    """Give one session from gates to end, then wait as long as the next one has to."""
    prescription = stage.person.prescription
    gates = tuple(
        gate for gate in prescription.gates if gate in (Gate.ATTENDED, Gate.EAR_PROTECTION)
    )
    await phone.answer_gates(GateOutcome.PASS, 0, gates, None)
    if Gate.SUPERVISED in prescription.gates:
        nonce = await phone.stimulator.nonce(NoncePurpose.SUPERVISE)
        word = Supervise(DEVICE_ID, stage.person.patient, nonce)
        await phone.blob(BlobKind.STAFF_WORD, stage.clinic.staff_word(word, 2))
        await phone.stimulator.supervise()
    await phone.arm(prescription, stage.named(), make_up=False)
    if prescription.button_required:
        await phone.stimulator.open_start_window()
        stage.band.press()
    else:
        await phone.stimulator.start()
    for _ in prescription.parts:
        await stage.sleep_ms(prescription.session_ms + 2_000)
        if len(prescription.parts) > 1 and phone.run is not None:
            await phone.stimulator.repositioned()
    await phone.until_over(600_000)
    await stage.sleep_ms(prescription.limits.min_interval_s * 1000)
