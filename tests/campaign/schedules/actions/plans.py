"""Prescriptions and their signers: amended, ended, measured anew, replaced, revoked."""

from __future__ import annotations

from dataclasses import replace

from shared.dose import changes
from shared.dose import prescription as prescriptions
from shared.dose.changes import Issue
from shared.dose.prescription import OpeningBalance, Prescription, PrescriptionKind, Replacement
from shared.trust import sign1
from shared.trust.statements import RevocationKind
from shared.wire.items import DownKind
from shared.wire.operations import BlobKind
from shared.wire.status import DeviceState
from tests.campaign.schedules.actions import sessions
from tests.campaign.schedules.actions.registry import HOUR_MS, Done, action
from tests.campaign.schedules.clinic import OLD_DEVICE_ID, final_head, old_device_certificate
from tests.shared.clinic import DAY_S


def issue(done: Done, *, days: int = 7) -> Issue:
    """What a new serial says of itself, and within how many days it has to be installed."""
    now_s = done.stage.clock.wall_ms() // 1000
    return Issue(done.stage.clinic.next("serial"), now_s, now_s + days * DAY_S)


def give(done: Done, prescription: Prescription) -> None:
    """A prescriber has signed it; it waits for the phone."""
    stage = done.stage
    blob = stage.clinic.prescribe(prescription, stage.person.staff)
    stage.cloud.put(DownKind.PRESCRIPTION, blob)
    stage.person.words.append(("prescription", BlobKind.PRESCRIPTION, blob))
    if prescription.kind is not PrescriptionKind.TITRATION:
        stage.person.prescription = prescription


async def amend(done: Done, prescription: Prescription) -> None:
    """Sign it, and mostly bring it over at once."""
    give(done, prescription)
    if done.chance.random() < 0.85:
        blob = done.stage.person.words[-1][2]
        if done.chance.random() < 0.5:
            await done.ask(done.phone.errands.offer_prescription(blob))
        await done.ask(done.phone.round())
    await done.wait_ms(1, 4_000)


@action(4, during=5)
async def lower(done: Done) -> None:
    """Less at once: fewer, weaker, further apart."""
    plan, now = done.stage.person.prescription, issue(done)
    limits = plan.limits
    what = done.chance.choice(("sessions", "output", "interval", "clearance", "trains", "beat"))
    if what == "sessions":
        fewer = replace(limits, sessions_per_day_window=1, sessions_per_week=2)
        amended = changes.amend(plan, now, limits=fewer)
    elif what == "interval":
        longer = replace(limits, min_interval_s=limits.min_interval_s + 7_200)
        amended = changes.amend(plan, now, limits=longer)
    elif what == "clearance":
        amended = changes.amend(
            plan, now, clearance_limit_s=max(3_600, plan.clearance_limit_s // 3)
        )
    elif what == "beat":
        amended = changes.amend(plan, now, beat_limit_ms=1_500)
    elif what == "trains":
        parts = tuple(replace(part, trains=max(1, part.trains - 1)) for part in plan.parts)
        amended = changes.amend(plan, now, parts=parts)
    else:
        parts = tuple(
            replace(part, intensity_percent=max(20, part.intensity_percent - 20))
            for part in plan.parts
        )
        ramp = tuple(min(step, parts[0].intensity_percent) for step in plan.ramp)
        amended = changes.amend(plan, now, parts=parts, ramp=ramp)
    await amend(done, amended)


@action(3, during=1)
async def raise_again(done: Done) -> None:
    """More, as the first prescription had it, or a new validity."""
    plan, now_s = done.stage.person.prescription, done.stage.clock.wall_ms() // 1000
    days = done.chance.choice((1, 60))
    first = done.stage.kind.prescription
    threshold = replace(
        plan.threshold, measured_s=now_s, warn_s=now_s + 28 * DAY_S, lock_s=now_s + 42 * DAY_S
    )
    second = plan.second_threshold
    raised = changes.amend(
        plan,
        issue(done, days=min(days, 7)),
        kind=PrescriptionKind.TREATMENT,
        parts=first.parts,
        limits=first.limits,
        threshold=threshold,
        second_threshold=None
        if second is None
        else replace(second, measured_s=now_s, warn_s=threshold.warn_s, lock_s=threshold.lock_s),
        clearance_limit_s=first.clearance_limit_s,
        beat_limit_ms=first.beat_limit_ms,
        not_before_s=now_s,
        not_after_s=now_s + days * DAY_S,
    )
    await amend(done, raised)


@action(2, during=3)
async def end_treatment(done: Done) -> None:
    await amend(done, changes.end(done.stage.person.prescription, issue(done)))


@action(2)
async def outlive_validity(done: Done) -> None:
    """Wait to about the end of what is signed, then try."""
    left_s = done.stage.person.prescription.not_after_s - done.stage.clock.wall_ms() // 1000
    if 0 < left_s < 5 * DAY_S:
        await done.stage.sleep_ms(left_s * 1000 + done.chance.randrange(-20_000, 20_000))
    await done.ask(sessions.all_of_it(done))
    await done.wait_ms(1, 4_000)


@action(3)
async def replace_old_device(done: Done) -> None:
    """The course goes on here from another device: by its last head, or with the most that it can
    have charged, in the clinic's hands or not."""
    plan, chance, now = done.stage.person.prescription, done.chance, issue(done)
    head = final_head(done.stage.clinic.id, retired=chance.random() < 0.9)
    by_head = chance.random() < 0.6
    given = changes.fullest_opening(
        plan.limits, sessions=0, pulses=chance.randrange(500), completed=0
    )
    if by_head:
        given = _less(given, plan.pulses_per_session, chance.randrange(2))
    going_on = changes.replace_device(
        plan,
        now,
        threshold=replace(plan.threshold, measured_s=now.issued_s),
        replacement=Replacement(
            OLD_DEVICE_ID,
            now.issued_s + chance.choice((-1, DAY_S)),
            not by_head and chance.random() < 0.7,
            given,
            sign1.name_of(head) if by_head else None,
        ),
    )
    await done.ask(done.phone.blob(BlobKind.FINAL_HEAD, head))
    await done.ask(done.phone.blob(BlobKind.DEVICE_CERTIFICATE, old_device_certificate()))
    named = changes.amend(plan, now).replaces_hash
    await amend(done, replace(going_on, replaces_hash=named, course_id=chance.randbytes(16)))


def _less(given: OpeningBalance, pulses: int, sessions: int) -> OpeningBalance:
    """What the old device's last head says: less than it might have been."""
    return replace(
        given,
        day_pulses=pulses * sessions,
        day_sessions=sessions,
        week_pulses=pulses * sessions,
        week_sessions=sessions,
    )


@action(4, during=1, begins=True)
async def titrate(done: Done) -> None:
    """The threshold is measured anew: signed, supervised, pulse by pulse."""
    stage, chance = done.stage, done.chance
    if stage.person.titration is None or chance.random() < 0.3:
        now = issue(done, days=1)
        until_s = now.issued_s + DAY_S
        plan = changes.titration(
            stage.person.prescription, now, not_before_s=now.issued_s, not_after_s=until_s
        )
        stage.person.titration = plan
        give(done, plan)
    await done.ask(done.phone.round())
    await done.ask(_measure(done), 40_000)
    if chance.random() < 0.5:
        await done.ask(done.phone.stimulator.close())
    await done.wait_ms(1, 9_000)


async def _measure(done: Done) -> None:
    phone, plan, chance = done.phone, done.stage.person.titration, done.chance
    assert plan is not None
    await phone.round()
    if chance.random() < 0.9:
        await sessions.supervise_now(done)
    named = prescriptions.hash_of(prescriptions.to_bytes(plan))
    await phone.arm(plan, named, make_up=False)
    if plan.button_required:
        await phone.stimulator.open_start_window()
        done.stage.band.press()
    else:
        await phone.stimulator.start()
    for _ in range(chance.randrange(1, 5)):
        await phone.stimulator.titrate(chance.randrange(20, 101))
        await done.wait_ms(3_500, 6_000)


@action(1)
async def measure_for_an_hour(done: Done) -> None:
    """The threshold is measured with long pauses, until its time is over."""
    stage, air = done.stage, done.stage.air
    await titrate(done)
    begun_us = stage.timeline.now_us
    while stage.band.state in (DeviceState.STIMULATING, DeviceState.PAUSED):
        await done.ask(done.phone.stimulator.pause())
        left_ms = HOUR_MS - (stage.timeline.now_us - begun_us) // 1000
        air.out_of_reach()
        for _ in range(min(6, max(1, (left_ms - 20_000) // 90_000))):
            await stage.sleep_ms(90_000)
        air.back_in_reach()
        await done.phone.ready()
        await done.ask(sessions.go_on(done))
        await done.wait_ms(1, 15_000)


# Signers


@action(2, during=3)
async def prescriber_goes(done: Done) -> None:
    """A prescriber leaves, or their key was stolen; a colleague adopts the same bytes, or not."""
    stage, chance = done.stage, done.chance
    kind = chance.choice((RevocationKind.LEFT, RevocationKind.COMPROMISED))
    now_s = stage.clock.wall_ms() // 1000
    staff = stage.person.staff
    statement = stage.clinic.revocation(staff, kind, now_s, now_s + chance.choice((1, 20)) * DAY_S)
    await done.ask(done.phone.stimulator.revoke(statement))
    await done.wait_ms(1, 4_000)
    if chance.random() < 0.6 and staff == 0:
        stage.person.staff = 1
        blob = stage.clinic.prescribe(stage.person.prescription, 1)
        stage.person.words.append(("prescription", BlobKind.PRESCRIPTION, blob))
        await done.ask(done.phone.errands.offer_prescription(blob))
        await done.ask(done.phone.round())
    if chance.random() < 0.5:
        await stage.sleep_ms(chance.choice((1, 23, 25, 500)) * HOUR_MS)
        await done.ask(sessions.all_of_it(done))
        await done.wait_ms(1, 4_000)
