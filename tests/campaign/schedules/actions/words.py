"""Holds, gates and time: what app, clinic and staff say, and take back."""

from __future__ import annotations

from shared.dose.ledger import LedgerState, OpenHold
from shared.trust.staff_words import AttestTime, LiftHold, LiftLine
from shared.trust.statements import (
    GateOutcome,
    HoldKind,
    HoldSource,
    PlaceHold,
    Postpone,
    Purpose,
    TakeBackHold,
)
from shared.wire import fields
from shared.wire.items import DownKind, SignedHold
from shared.wire.operations import BlobKind, NoncePurpose
from tests.campaign.schedules.actions import sessions
from tests.campaign.schedules.actions.registry import HOUR_MS, Done, action
from tests.campaign.schedules.clinic import DEVICE_ID

REASONS = ("tired", "seizure", "stroke_sign", "headache")


# Holds


@action(5, during=4)
async def hold_by_cloud(done: Done) -> None:
    """The clinic holds; the phone carries it there, or not yet."""
    stage, chance = done.stage, done.chance
    hold_id, kind = chance.randbytes(16), chance.choice((HoldKind.SAFETY, HoldKind.REST))
    statement = stage.clinic.hold(hold_id, kind, chance.choice(REASONS))
    signed = SignedHold(statement, stage.clinic.certificate(Purpose.HOLD))
    stage.person.held.append((hold_id, statement))
    stage.cloud.put(DownKind.HOLD, fields.pack(signed))
    if chance.random() < 0.8:
        await done.ask(done.phone.round())
    await done.wait_ms(1, 4_000)


@action(4, during=3)
async def hold_by_app(done: Done) -> None:
    """The person holds; a touch by mistake is taken back."""
    chance, phone = done.chance, done.phone
    kind = chance.choice((HoldKind.REST, HoldKind.REST, HoldKind.SAFETY))
    hold = PlaceHold(chance.randbytes(16), kind, HoldSource.APP, chance.choice(REASONS), 0)
    done.stage.person.held.append((hold.hold_id, b""))
    await done.ask(phone.stimulator.place_hold(phone.signed(hold)))
    if chance.random() < 0.5:
        await done.wait_ms(1, chance.choice((20_000, 70_000)))
        back = phone.signed(TakeBackHold(hold.hold_id))
        await done.ask(phone.stimulator.take_back(back))


@action(2)
async def confirm_hold(done: Done) -> None:
    held = done.stage.person.held
    if held:
        word = done.stage.clinic.confirm_hold(held[-1][0])
        certificate = done.stage.clinic.certificate(Purpose.HOLD)
        await done.ask(done.phone.stimulator.confirm_hold(word, certificate))


def _ledger(done: Done) -> LedgerState | None:
    """What the newest record says, as staff see it on their page."""
    return done.phone.ledger.state if done.phone.ledger.epoch else None


def lift_word(done: Done, holds: tuple[OpenHold, ...], postponement: bytes | None) -> bytes:
    """Staff lifts these."""
    lines = tuple(LiftLine(hold.hold_id, hold.record_hash) for hold in holds)
    return done.stage.clinic.staff_word(LiftHold(DEVICE_ID, lines, postponement), 2)


@action(8)
async def lift_holds(done: Done) -> None:
    """Staff lifts what stands on the record that the phone brought."""
    await done.ask(done.phone.round())
    past = _ledger(done)
    if past is None or not (past.holds or past.postponed_hash):
        return
    blob = lift_word(done, past.holds, past.postponed_hash)
    done.stage.person.words.append(("lift", BlobKind.STAFF_WORD, blob))

    async def lift() -> None:
        await done.phone.blob(BlobKind.STAFF_WORD, blob)
        await done.phone.stimulator.lift_hold()

    await done.ask(lift())


@action(2)
async def rest_it_out(done: Done) -> None:
    """Wait until a rest hold has ended by itself, or shortly before."""
    await done.stage.sleep_ms(72 * HOUR_MS + done.chance.randrange(-60_000, 60_000))
    await done.ask(sessions.all_of_it(done))
    await done.wait_ms(1, 4_000)


# Gates


@action(3, during=2)
async def screening_says_no(done: Done) -> None:
    outcome = done.chance.choice((GateOutcome.HOLD, GateOutcome.POSTPONE))
    seconds = done.chance.choice((3_600, 86_400)) if outcome is GateOutcome.POSTPONE else 0
    await done.ask(done.phone.answer_gates(outcome, seconds, (), "flag"))
    await done.ask(sessions.begin(done))
    await done.wait_ms(1, 4_000)


@action(2)
async def gates_go_stale(done: Done) -> None:
    """Answered in time, but then the hour passes."""
    await done.ask(done.phone.round())
    await done.ask(sessions.pass_gates(done))
    await done.stage.sleep_ms(HOUR_MS + done.chance.randrange(-5_000, 5_000))
    await done.ask(sessions.begin(done))
    await done.wait_ms(1, 4_000)


@action(2)
async def postpone(done: Done) -> None:
    async def put_off() -> None:
        nonce = await done.phone.stimulator.nonce(NoncePurpose.POSTPONE)
        seconds = done.chance.choice((600, 7_200))
        said = Postpone(nonce, done.phone.patient_id, seconds)
        await done.phone.stimulator.postpone(done.phone.signed(said))

    await done.ask(put_off())


@action(3)
async def forget_clearance(done: Done) -> None:
    """Nobody syncs until the clearance is as old as it may be, or a moment older."""
    limit_s = done.stage.person.prescription.clearance_limit_s
    await done.stage.sleep_ms(limit_s * 1000 + done.chance.randrange(-20_000, 20_000))
    await done.ask(sessions.pass_gates(done))
    await done.ask(sessions.begin(done))
    await done.wait_ms(1, 4_000)


# Time


@action(5, during=1)
async def offer_time(done: Done) -> None:
    """A token of the right time, a wrong one, or one after a loss that has to be agreed with."""
    stage, chance = done.stage, done.chance
    if chance.random() < 0.5:
        done.faults["clock lost"] += 1
        stage.band.break_clock()
    done.faults["wrong time offered"] += 1
    hours = chance.choice((0, -30 * 24, -2, 2, 16, 23, 23, 25, 30 * 24))
    stage.cloud.time_off_ms = hours * HOUR_MS + chance.randrange(-3_000, 3_000)
    await done.ask(done.phone.set_time())
    if chance.random() < 0.4:
        await stage.sleep_ms(HOUR_MS + chance.randrange(-2_000, 2_000))
        await done.ask(done.phone.set_time())
    await done.ask(sessions.all_of_it(done))
    await done.wait_ms(1, 4_000)
    stage.cloud.time_off_ms = 0


@action(5)
async def attest_time(done: Done) -> None:
    """A prescriber makes lost time good, by a head that the phone brought."""
    stage, phone = done.stage, done.phone
    await done.ask(phone.round())
    past, head_us = _ledger(done), stage.timeline.now_us
    if done.chance.random() < 0.6:
        done.faults["clock lost"] += 1
        stage.band.switch_off()
        stage.band.break_clock()
        await stage.sleep_ms(done.chance.choice((3, 20, 100)) * HOUR_MS)
        stage.band.switch_on()
        await done.ask(phone.ready())
        if done.chance.random() < 0.7:
            # A jump is agreed with after an hour; until then nobody's word of staff counts.
            await done.ask(phone.set_time())
            await stage.sleep_ms(HOUR_MS + 60_000)
            await done.ask(phone.set_time())
    if past is None or past.number == 0 or not stage.band.on:
        return
    if done.chance.random() < 0.4:
        # The head stays that from before the loss, though a session comes behind it.
        await sessions.wait_until_open(done)
        await stage.sleep_ms(stage.person.prescription.session_ms + 1_000)
    elapsed_ms = (stage.timeline.now_us - head_us) // 1000
    if elapsed_ms < 1 or not stage.band.on:
        return

    async def attest() -> None:
        nonce = await phone.stimulator.nonce(NoncePurpose.ATTEST_TIME)
        # Which boot this is, staff reads off the status page of the present boot's record.
        await phone.round()
        now = phone.ledger.state
        word = AttestTime(DEVICE_ID, now.boot_count, past.number, past.hash, nonce, elapsed_ms)
        blob = stage.clinic.staff_word(word)
        stage.person.words.append(("attest", BlobKind.STAFF_WORD, blob))
        await phone.blob(BlobKind.STAFF_WORD, blob)
        await phone.stimulator.attest_time()

    await done.ask(attest())
    if done.chance.random() < 0.7:
        await done.ask(sessions.all_of_it(done))
        await done.wait_ms(1, 4_000)
