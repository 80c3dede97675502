"""How a session pauses, goes on and ends."""

from __future__ import annotations

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.checks.sitting import SLACK_MS
from firmware_bridge.conformance.findings import Deviation, expect, refused, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.demo.plan import BEAT_LIMIT_MS
from firmware_bridge.demo.sitting import Armed
from shared.dose.reasons import ReasonCode
from shared.wire.operations import (
    Operation,
    Outcome,
    OutcomeResult,
    PauseArguments,
    SealedArguments,
    SessionArguments,
    StatusCode,
)
from shared.wire.record_types import PauseCause
from shared.wire.status import DeviceState, Status

checks = Checks(Need.STIMULATING)

QUIET_SAMPLES = 2
PAUSED = DeviceState.PAUSED


@checks.add(Section.STATES, Operation.STOP, gives=(Need.PAUSED,))
async def stopped(bench: Bench) -> None:
    """STOP pauses a session at once: no pulse is charged after its answer."""
    phone = await bench.phone()
    await phone.client.stop()
    status = await phone.until(lambda s: s.state is PAUSED, "PAUSED")
    same(status.pause_cause, PauseCause.STOP, "cause")
    await phone.telemetry(QUIET_SAMPLES, 1_000 + SLACK_MS)
    later = await phone.status()
    same(later.charged_pulses, status.charged_pulses, "pulses two seconds later")
    same(later.firing, False, "firing")


@checks.add(Section.ARMING, Operation.RESUME, needs=(Need.PAUSED,))
async def another_pause(bench: Bench) -> None:
    """RESUME for another pause than the present one is refused: a held-back touch ends none."""
    phone, writer = await bench.phone(), bench.kept.writer
    if writer is None:
        raise Deviation("an armed session", "none")
    pauses = (await phone.status()).pauses
    asked = phone.ask_sealed(
        Operation.RESUME, lambda: SealedArguments(*writer.seal(Operation.RESUME, pauses + 1))
    )
    await refused(asked, StatusCode.NOT_TRUSTED, "trust_mac")


@checks.add(Section.ARMING, Operation.RESUME, needs=(Need.PAUSED, Need.BUTTON))
async def resumed(bench: Bench) -> None:
    """After STOP, RESUME only opens the window; the button goes on."""
    phone = await bench.phone()
    await phone.client.resume()
    status = await phone.until(lambda s: s.start_window_open, "an open window")
    same(status.state, PAUSED, "state before the button")
    await bench.person.press()
    await phone.until(lambda s: s.state is DeviceState.STIMULATING, "STIMULATING")


@checks.add(Section.OPERATIONS, Operation.PAUSE, Operation.RESUME, needs=(Need.PAUSED, Need.BUTTON))
async def paused_by_a_call(bench: Bench) -> None:
    """PAUSE by a call says so in the status; RESUME goes on without the button."""
    phone = await bench.phone()
    await phone.ask(Operation.PAUSE, PauseArguments(PauseCause.INCOMING_CALL))
    status = await phone.until(lambda s: s.state is PAUSED, "PAUSED")
    same(status.pause_cause, PauseCause.INCOMING_CALL, "cause")
    await phone.client.resume()
    await phone.until(lambda s: s.state is DeviceState.STIMULATING, "STIMULATING")


@checks.add(Section.ARMING, Operation.BEAT, needs=(Need.PAUSED, Need.BUTTON))
async def beat_missed(bench: Bench) -> None:
    """A stimulating band that hears no beat pauses."""
    phone = await bench.phone()
    await phone.until(lambda s: s.state is DeviceState.STIMULATING, "STIMULATING")
    await phone.fall_silent()
    status = await phone.until(lambda s: s.state is PAUSED, "PAUSED", BEAT_LIMIT_MS + SLACK_MS)
    same(status.pause_cause, PauseCause.BEAT_MISSED, "cause")
    await phone.beat()


@checks.add(
    Section.STATES,
    Operation.CLOSE,
    Operation.SESSION_OUTCOME,
    needs=(Need.PAUSED,),
    gives=(Need.TREATED,),
)
async def closed(bench: Bench) -> None:
    """CLOSE ends the session for good; its outcome is PARTIAL with the pulses that were charged."""
    phone, armed = await bench.phone(), _armed(bench)
    charged = (await phone.status()).charged_pulses
    await phone.ask(Operation.CLOSE)
    await phone.until(lambda s: s.state is DeviceState.IDLE, "IDLE")
    outcome: OutcomeResult = await phone.ask(
        Operation.SESSION_OUTCOME, SessionArguments(armed.session_id)
    )
    same(outcome.outcome, Outcome.PARTIAL, "outcome")
    same(outcome.charged_pulses, charged, "pulses")


@checks.add(Section.ARMING, Operation.BEAT, needs=(Need.TREATED,))
async def key_is_gone(bench: Bench) -> None:
    """The session's key ends with the session."""
    phone, writer = await bench.phone(), bench.kept.writer
    await phone.fall_silent()
    if writer is None:
        raise Deviation("an armed session", "none")
    given = SealedArguments(*writer.seal(Operation.BEAT))
    await refused(phone.ask(Operation.BEAT, given), StatusCode.WRONG_STATE, "not_armed")


@checks.add(Section.LOCK_REASONS, Operation.ARM, needs=(Need.TREATED,))
async def rests(bench: Bench) -> None:
    """After a session the lock names what keeps the next one, and when that ends."""
    status = await (await bench.phone()).status()
    waits = (ReasonCode.SESSION_INTERVAL, ReasonCode.DAY_WINDOW)
    found = [reason for reason in status.reasons if reason.code in waits]
    expect(found, "SESSION_INTERVAL or DAY_WINDOW", _codes(status))
    for reason in found:
        ends_ms = reason.ends_proven_ms
        holds = ends_ms is not None and ends_ms > status.proven_ms
        expect(holds, f"an end of {ReasonCode(reason.code).name} that lies ahead", ends_ms)


def _armed(bench: Bench) -> Armed:
    if bench.kept.armed is None:
        raise Deviation("an armed session", "none")
    return bench.kept.armed


def _codes(status: Status) -> list[int]:
    return [reason.code for reason in status.reasons]
