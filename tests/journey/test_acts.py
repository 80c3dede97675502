"""Every act of a clinician ends at the band: signed on a page, brought by the phone, answered by
the band's own record."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from cloud.prescriptions.models import StoredPrescription
from shared.dose.prescription import Prescription, from_bytes
from shared.trust import sign1
from shared.trust.staff_words import AttestTime, LiftHold
from shared.trust.statements import HoldKind, HoldSource, PlaceHold
from shared.wire.records import HoldConfirmedBody, HoldLiftedBody, TimeAttestedBody
from tests.cloud.test_prescriptions import draft
from tests.journey.acts_stage import Acts, acts

HOUR_MS = 3_600_000
REST = b"r" * 16
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


async def prescribe(stage: Acts) -> None:
    """Sign a first treatment, and see it in force on the band."""
    stored = draft(stage.world, stage.patient, intensity=100)
    await stage.answer([stored.data])
    await stage.meet(lambda: stage.phone.ledger.serial == 1, "the first prescription")


def in_force(stage: Acts) -> Prescription:
    """The treatment that the band's record names, by the hash of its bytes."""
    named = StoredPrescription.hash == stage.phone.ledger.prescription_hash
    with stage.world.database.read("demo") as session:
        return from_bytes(session.scalars(select(StoredPrescription).where(named)).one().data)


async def step(stage: Acts, name: str, serial: int, **form: str) -> None:
    """Take one of the steps, sign it, and see its serial on the band."""
    path = f"{stage.path}/steps/{name}"
    await stage.sign(await stage.send(path, serial=str(serial), **form))
    await stage.meet(lambda: stage.phone.ledger.serial == serial, name)


async def rest(stage: Acts) -> None:
    """Let the patient's app place a rest on the band."""
    context = stage.phone.life.context
    asked = PlaceHold(REST, HoldKind.REST, HoldSource.APP, "rest", 0)
    device_id = stage.world.identity.device_id
    await context.connection.until_ready(600_000)
    statement = sign1.sign(asked, audience=device_id, signer=context.app_key)
    await context.stimulator.place_hold(statement)
    await stage.meet(lambda: kinds(stage) == [HoldKind.REST], "the rest")


def kinds(stage: Acts) -> list[HoldKind]:
    """Which holds stand on the band."""
    return [HoldKind(each.kind) for each in stage.phone.ledger.holds]


async def test_each_step_on_a_treatment_is_answered_by_the_bands_own_record(
    tmp_path: Path,
) -> None:
    async with acts(tmp_path) as stage:
        await prescribe(stage)
        assert in_force(stage).make_up_within_s == 4 * 3_600

        await step(stage, "make-up", 2, hours="1")
        assert in_force(stage).make_up_within_s == 3_600

        measured = {"percent": "61", "method": "emg", "by": "N. Example"}
        seen = {"seen": "61", "step_meant": "61"}
        await step(stage, "threshold", 3, **measured, **seen)
        threshold = in_force(stage).threshold
        assert (threshold.percent_mso, threshold.demo) == (61, False)

        await step(stage, "titration", 4)
        assert stage.phone.ledger.titration_hash is not None
        assert in_force(stage).serial == 3, "the treatment stays in force beside it"

        await step(stage, "end", 5)
        assert stage.phone.ledger.ended
        way = await stage.get(f"{stage.path}/way")
        assert way.count('<li class="open">') == 0, "the clinic has read the record of every step"
        assert "End of the treatment, version 5" in way


async def test_holds_are_placed_kept_and_lifted_by_the_bands_own_record(tmp_path: Path) -> None:
    async with acts(tmp_path) as stage:
        await prescribe(stage)
        await rest(stage)
        page = await stage.get(stage.path)
        keep = f"{stage.path}/holds/{REST.hex()}/confirm"
        assert keep in page

        await stage.send(keep)
        await stage.work()
        await stage.meet(lambda: kinds(stage) == [HoldKind.SAFETY], "the rest that stays")
        (confirmed,) = stage.records(HoldConfirmedBody)
        assert confirmed.hold_id == REST
        way = await stage.get(f"{stage.path}/way")
        assert "Rest that stays" in way
        assert '<li class="open">' not in way

        await stage.send(f"{stage.path}/holds", reason="clinician")
        await stage.work()
        await stage.meet(lambda: len(kinds(stage)) == 2, "the clinic's hold")
        every = [each.hold_id.hex() for each in stage.phone.ledger.holds]
        await stage.sign(await stage.send(f"{stage.path}/lift", hold=every), LiftHold.TYPE)
        await stage.meet(lambda: kinds(stage) == [], "the lift")
        assert [each.hold_id.hex() for each in stage.records(HoldLiftedBody)] == every
        assert "no hold in force" in await stage.get(f"{stage.path}/lift")


async def test_time_that_the_band_lost_is_asked_for_attested_and_gained(tmp_path: Path) -> None:
    async with acts(tmp_path) as stage:
        await prescribe(stage)
        await rest(stage)
        placed_ms = stage.phone.ledger.holds[0].placed_ms
        assert "asks for nothing" in await stage.get(f"{stage.path}/time")

        await stage.lie_without_power(10 * HOUR_MS)
        stage.sign_in_again()
        await stage.phone.drive("sync")
        page = await stage.get(stage.path)
        assert "The band asks for time that it lost" in page
        assert f"{stage.path}/time" in page
        proven_ms = stage.phone.ledger.proven_ms
        assert proven_ms - placed_ms < HOUR_MS, "the band can't prove the ten hours"

        asking = await stage.get(f"{stage.path}/time")
        nonce = asking.partition('name="nonce" value="')[2].partition('"')[0]
        handed = await stage.send(f"{stage.path}/time", nonce=nonce)
        await stage.sign(handed, AttestTime.TYPE)
        await stage.meet(lambda: bool(stage.records(TimeAttestedBody)), "the attested time")

        (attested,) = stage.records(TimeAttestedBody)
        assert 10 * HOUR_MS - 300_000 <= attested.gained_ms <= 10 * HOUR_MS + 60_000
        assert stage.phone.ledger.proven_ms >= proven_ms + attested.gained_ms
        assert kinds(stage) == [HoldKind.REST], "a rest of 72 hours isn't over after ten"
        way = await stage.get(f"{stage.path}/way")
        assert "Time attested" in way
        assert '<li class="open">' not in way, "the receipt is shown"
        assert "The band asks for time" not in await stage.get(stage.path)
        assert "asks for nothing" in await stage.get(f"{stage.path}/time")
