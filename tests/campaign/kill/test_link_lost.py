"""The link breaks in the middle of a train, and nobody asked it to.

The band goes on until the beat is missed, then pauses by itself; the phone finds it again by the
bond, and the session comes to its whole end.
"""

from __future__ import annotations

from firmware_bridge.link import LinkState
from shared.stimulation.schedule import TrainPlan
from shared.wire.operations import Outcome, OutcomeResult
from shared.wire.records import PauseCause, SessionPausedBody
from shared.wire.status import DeviceState
from tests.campaign.kill.patient import READY_WITHIN_MS
from tests.campaign.kill.stand import HURRIED, UNHURRIED, Stand, Template
from tests.shared.clinic import itbs

PRESCRIPTION = itbs()
PLAN: TrainPlan = PRESCRIPTION.parts[0].plan
BROKEN_IN_TRAIN = 8
PAUSES_WITHIN_US = (PRESCRIPTION.beat_limit_ms + 100) * 1000
BEYOND_THE_NEXT_TRAIN_MS = 2 * (PLAN.pattern.train_us + PLAN.interval_us) // 1000
OUT_OF_REACH_MS = 60_000
"""In real time, and more than the test needs: it ends when the test says so."""


async def test_lost_link_pauses_heals_and_completes(template: Template, stand: Stand) -> None:
    patient, device = stand.patient, template.made.device.public_key
    stand.renew(template, "band")
    await stand.switch_on()
    async with patient.kept(template.band_address):
        await patient.pass_gates()
        await patient.arm(device)
        async with patient.treated(stand.band):
            await stand.clock.set_rate(HURRIED)
            fired_at_loss = await lose_link(stand)
            await stand.clock.sleep_ms(BEYOND_THE_NEXT_TRAIN_MS)
            assert_silent_in_time(stand, fired_at_loss)
            fired_in_all = len(stand.pulses())

            await heal(stand)
            status = await patient.until(DeviceState.PAUSED, READY_WITHIN_MS)
            assert status.pause_cause == PauseCause.BEAT_MISSED
            assert len(stand.pulses()) == fired_in_all
            await patient.client.resume()

            await stand.clock.set_rate(HURRIED)
            await patient.until(DeviceState.IDLE, 400_000)
        await stand.clock.set_rate(UNHURRIED)
        await assert_whole(stand, fired_at_loss)


async def lose_link(stand: Stand) -> int:
    """Take band and phone out of each other's reach in the middle of a train."""
    per_train = PLAN.pattern.pulses_per_train
    await stand.until_fired(per_train * (BROKEN_IN_TRAIN - 1) + per_train // 2, 200_000)
    with stand.clock.work():
        await stand.band.drop_link(OUT_OF_REACH_MS)
        fired = len(stand.pulses())
        await stand.patient.until_link(LinkState.LOST)
    assert per_train * (BROKEN_IN_TRAIN - 1) < fired < per_train * BROKEN_IN_TRAIN
    return fired


def assert_silent_in_time(stand: Stand, fired_at_loss: int) -> None:
    """By the coil: the train may end within the beat's limit; the next never begins."""
    pulses = stand.pulses()
    assert pulses[-1].at_us <= lost_us(stand, fired_at_loss) + PAUSES_WITHIN_US
    assert len(pulses) <= PLAN.pattern.pulses_per_train * BROKEN_IN_TRAIN


def lost_us(stand: Stand, fired_at_loss: int) -> int:
    """When the link was lost, in the band's uptime: no later than the burst after the last."""
    burst_us = PLAN.pattern.pulse_us(PLAN.pattern.pulses_per_burst)
    return stand.pulses()[fired_at_loss - 1].at_us + burst_us


async def heal(stand: Stand) -> None:
    """Bring both into reach again; the phone comes back by its bond."""
    await stand.clock.set_rate(UNHURRIED)
    await stand.band.drop_link(1)
    await stand.connection.until_ready(READY_WITHIN_MS)


async def assert_whole(stand: Stand, fired_at_loss: int) -> None:
    record, lines = await stand.patient.record()
    planned = PRESCRIPTION.pulses_per_session
    assert len(stand.pulses()) == record.total_pulses == planned == 600
    assert (record.sessions_completed, record.sessions_partial) == (1, 0)
    [paused] = [line for line in lines if isinstance(line.body, SessionPausedBody)]
    assert paused.uptime_ms * 1000 <= lost_us(stand, fired_at_loss) + PAUSES_WITHIN_US
    outcome = await stand.patient.client.session_outcome(stand.patient.session_id)
    assert outcome == OutcomeResult(Outcome.COMPLETED, planned)
