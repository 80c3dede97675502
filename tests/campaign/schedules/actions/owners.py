"""Apps, control, hand-over, reset, another clinic, roots: whose device it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.dose import changes
from shared.dose.changes import Issue
from shared.trust.staff_words import HandOver, HandOverPurpose
from shared.trust.statements import NONCE_BYTES, Control, Purpose
from shared.wire.items import DownKind
from shared.wire.operations import BlobKind, NoncePurpose
from tests.campaign.schedules.actions import anything, sessions
from tests.campaign.schedules.actions.registry import HOUR_MS, Done, action
from tests.campaign.schedules.clinic import APPS, CLINIC_IDS, DEVICE_ID, PATIENTS
from tests.campaign.schedules.memory_store import Image
from tests.campaign.schedules.phone import Phone
from tests.campaign.schedules.setting_up import enrol, own
from tests.shared.clinic import DAY_S


async def _swap_phone(done: Done, app: int, image: Image | None) -> Phone:
    """Another phone is used from now on; the one before lies there, closed."""
    done.stage.person.app = app
    return done.stage.open_app(image)


@action(4, during=1)
async def second_phone(done: Done) -> None:
    """A further app is enrolled, and takes control; the older of two leaves."""
    person = done.stage.person
    person.apps_used = min(len(APPS) - 1, person.apps_used + 1)
    phone = await _swap_phone(done, person.apps_used - 1, None)
    await done.ask(_enrolled(done, phone))
    await done.wait_ms(1, 4_000)


async def _enrolled(done: Done, phone: Phone) -> None:
    if await phone.ready():
        blob = done.stage.clinic.enrolment(phone.app, phone.patient_id)
        done.stage.person.words.append(("enrolment", BlobKind.ENROLMENT, blob))
        await phone.blob(BlobKind.ENROLMENT, blob)
        certificate = done.stage.clinic.certificate(Purpose.ENROLMENT)
        await phone.blob(BlobKind.CERTIFICATE, certificate)
        await phone.stimulator.authorize_app()
        await phone.round()


@action(4)
async def other_phone(done: Done) -> None:
    """The other phone is taken again, with control or without asking for it, mostly on a day on
    which a session may open."""
    person = done.stage.person
    if person.apps_used < 2:
        await second_phone(done)
    other = done.chance.choice([app for app in range(person.apps_used) if app != person.app])
    phone = await _swap_phone(done, other, None)
    if done.chance.random() < 0.5:
        await done.ask(_control(phone, take=True))
    if done.chance.random() < 0.6:
        await done.stage.sleep_ms(24 * HOUR_MS)
    await done.ask(sessions.all_of_it(done))
    await done.wait_ms(1, 6_000)


@action(1)
async def give_up_control(done: Done) -> None:
    await done.ask(_control(done.phone, take=False))
    await done.ask(sessions.begin(done))
    if done.chance.random() < 0.7:
        await done.ask(_control(done.phone, take=True))


async def _control(phone: Phone, *, take: bool) -> None:
    if not await phone.ready():
        return
    nonce = await phone.stimulator.nonce(NoncePurpose.CONTROL)
    statement = phone.signed(Control(nonce, phone.patient_id, take))
    if take:
        await phone.stimulator.take_control(statement)
    else:
        await phone.stimulator.release_control(statement)


# Owners


async def _hand_over(done: Done, purpose: HandOverPurpose) -> bytes | None:
    """A prescriber's word over the present head, put on the band."""
    phone, stage = done.phone, done.stage
    await phone.round()
    past = phone.ledger.state
    if phone.ledger.epoch is None or past.number == 0:
        return None
    word = HandOver(DEVICE_ID, phone.ledger.epoch, past.number, past.hash, purpose)
    blob = stage.clinic.staff_word(word, stage.person.staff)
    await phone.blob(BlobKind.STAFF_WORD, blob)
    return blob


@action(3, during=1)
async def swap_patients(done: Done) -> None:
    """The clinic gives the device to another of its patients, or back."""
    stage, person = done.stage, done.stage.person
    other = PATIENTS[1 - PATIENTS.index(person.patient)]

    async def given() -> None:
        if await _hand_over(done, HandOverPurpose.ANOTHER_OWNER) is not None:
            await own(stage, done.phone, other, transfer=False)

    await done.ask(given())
    await _move_in(done, other)


@action(2)
async def another_clinic(done: Done) -> None:
    """The maker gives the device to another clinic."""
    stage, person = done.stage, done.stage.person
    if person.clinic:
        return
    former = stage.clinic

    async def given() -> None:
        if await _hand_over(done, HandOverPurpose.ANOTHER_OWNER) is None:
            return
        person.clinic = 1
        stage.clinic.transfers = max(stage.clinic.transfers, former.transfers)
        await own(stage, done.phone, PATIENTS[1])

    await done.ask(given())
    person.clinic = CLINIC_IDS.index(stage.band.clinic_id or former.id)
    if person.clinic:
        stage.cloud.clinic = stage.clinic
        stage.clinic.serial = former.serial
        await _move_in(done, PATIENTS[1])


@action(2, during=1)
async def reset(done: Done) -> None:
    """Keys and names are wiped; the same clinic sets it up again, for this person or another."""
    stage = done.stage

    async def wiped() -> None:
        blob = await _hand_over(done, HandOverPurpose.RESET)
        if blob is not None:
            stage.person.words.append(("reset", BlobKind.STAFF_WORD, blob))
            await done.phone.stimulator.reset()

    await done.ask(wiped())
    if done.chance.random() < 0.5:
        await done.ask(anything.ask_several(done))
        stage.band.end_update()
    patient = done.chance.choice(PATIENTS)
    await done.ask(own(stage, done.phone, patient))
    await _move_in(done, patient)


@action(1)
async def retire(done: Done) -> None:
    async def retired() -> None:
        if await _hand_over(done, HandOverPurpose.RETIRE) is not None:
            await done.phone.stimulator.retire()

    await done.ask(retired())
    await done.ask(sessions.all_of_it(done))


async def _move_in(done: Done, patient: bytes) -> None:
    """An app of the new owner, and a prescription for them, whatever became of the hand-over."""
    stage, person = done.stage, done.stage.person
    band = stage.band
    provisioned = band.on and band.firmware.ledger.patient_id == patient
    if not provisioned:
        return
    person.patient = patient
    person.apps_used = min(len(APPS) - 1, person.apps_used + 1)
    phone = await _swap_phone(done, person.apps_used - 1, None)
    await done.ask(_set_up(done, phone))
    await done.ask(sessions.all_of_it(done))
    await done.wait_ms(1, 6_000)


async def _set_up(done: Done, phone: Phone) -> None:
    stage = done.stage
    if not await phone.ready():
        return
    await phone.stimulator.accept_catalogue(stage.clinic.acceptance())
    await enrol(stage, phone)
    now_s = stage.clock.wall_ms() // 1000
    plan = replace(
        changes.amend(
            stage.kind.prescription,
            Issue(stage.clinic.next("serial"), now_s, now_s + 7 * DAY_S),
        ),
        replaces_hash=None,
        new_course=True,
        patient_id=phone.patient_id,
        clinic_id=CLINIC_IDS[stage.person.clinic],
        course_id=done.chance.randbytes(NONCE_BYTES),
    )
    stage.person.prescription = plan
    stage.person.titration = None
    stage.cloud.put(DownKind.PRESCRIPTION, stage.clinic.prescribe(plan, stage.person.staff))
    await phone.round()


@action(2, during=1)
async def rotate_root(done: Done) -> None:
    """The root is another key from now on; the button agrees, or nobody does."""
    stage = done.stage
    statement = stage.clinic.rotation(by_recovery=done.chance.random() < 0.4)
    await done.ask(done.phone.stimulator.rotate_root(statement))
    before: Any = stage.band.firmware.ledger.root_number if stage.band.on else None
    if done.chance.random() < 0.8:
        stage.band.press()
    if stage.band.on and stage.band.firmware.ledger.root_number != before:
        stage.clinic.rotated()
    else:
        stage.clinic.rotations -= 1


@action(2, during=1)
async def receipt(done: Done) -> None:
    """The clinic says how much of the record it has."""
    await done.ask(done.phone.round())
    past = done.phone.ledger
    if past.epoch is not None and past.state.number:
        word = done.stage.clinic.receipt(past.epoch, past.state.number, past.state.hash)
        certificate = done.stage.clinic.certificate(Purpose.RECEIPT)
        await done.ask(done.phone.stimulator.receipt(word, certificate))
