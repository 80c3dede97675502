"""A session from the locked band to its first pulses."""

from __future__ import annotations

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import Deviation, LeftOff, expect, refused, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.phone import Phone
from firmware_bridge.conformance.sections import Section
from firmware_bridge.demo.plan import BEAT_LIMIT_MS
from firmware_bridge.demo.sitting import Request, agree, pass_gates, request_over
from firmware_bridge.link import DeviceRefused
from shared.dose.reasons import ReasonCode
from shared.trust import sign1
from shared.trust.session_key import CommandWriter
from shared.wire.operations import (
    TABLE,
    ArmResult,
    Authority,
    NoncePurpose,
    Operation,
    Outcome,
    SealedArguments,
    SealedPercentArguments,
    SessionArguments,
    StatusCode,
)
from shared.wire.status import DeviceState

checks = Checks(Need.CLEARED)
running = Checks(Need.ARMED)

SEALED = tuple(op for op, row in TABLE.items() if row.authority is Authority.SESSION_MAC)
SLACK_MS = 2_000
"""For the air and a machine that is busy with other things."""

NO_MAC = bytes(16)


@checks.add(Section.STATES, *SEALED)
async def nothing_armed(bench: Bench) -> None:
    """Without an armed session no sealed operation is taken."""
    phone = await bench.phone()
    for operation in SEALED:
        kind = TABLE[operation].arguments
        given = (1, NO_MAC, 1) if kind is SealedPercentArguments else (1, NO_MAC)
        await refused(phone.ask(operation, kind(*given)), StatusCode.WRONG_STATE, "not_armed")


@checks.add(Section.LOCK_REASONS, Operation.ARM)
async def locked_with_reasons(bench: Bench) -> None:
    """ARM of a locked band is refused with every reason by its code; the status has the same."""
    phone = await bench.phone()
    status = await phone.status()
    if not status.reasons:
        raise LeftOff("the screening was answered already")
    request = await _request(phone, bench)
    refusal = await refused(phone.say(Operation.ARM, request.message), StatusCode.LOCKED, "locked")
    told = {reason.code for reason in status.reasons}
    same(set(refusal.reason_codes), told, "reasons")
    expect(told <= {int(code) for code in ReasonCode}, "codes of the table", told)


@checks.add(Section.OPERATIONS, Operation.GATE_ANSWERS, gives=(Need.UNLOCKED,))
async def gates_passed(bench: Bench) -> None:
    """Answers that speak for a session open the lock."""
    phone = await bench.phone()
    await pass_gates(phone.client, bench.demo)
    left = {ReasonCode(reason.code).name for reason in (await phone.status()).reasons}
    if left - {ReasonCode.SCREENING_NEEDED.name}:
        raise LeftOff(f"{Need.UNLOCKED.value}: {', '.join(sorted(left))}")
    expect(not left, "no reason left", left)


@checks.add(Section.ARMING, Operation.ARM, needs=(Need.UNLOCKED,))
async def other_plan(bench: Bench) -> None:
    """ARM names the plan that it means; another one is refused."""
    phone = await bench.phone()
    nonce = await phone.client.nonce(NoncePurpose.ARM)
    request = request_over(nonce, bench.demo, bytes(32))
    asked = phone.say(Operation.ARM, request.message)
    await refused(asked, StatusCode.REFUSED, "other_prescription")
    again = phone.say(Operation.ARM, request.message)
    await refused(again, StatusCode.NONCE_UNKNOWN, "nonce_unknown")


@checks.add(Section.ARMING, Operation.ARM, Operation.SESSION_OUTCOME, needs=(Need.UNLOCKED,))
async def lapses_without_beat(bench: Bench) -> None:
    """An armed band that hears no beat goes idle, and the session hasn't started."""
    phone = await bench.phone()
    request = await _request(phone, bench)
    await phone.say(Operation.ARM, request.message)
    await phone.until(lambda s: s.state is DeviceState.ARMED, "ARMED")
    within_ms = BEAT_LIMIT_MS + SLACK_MS
    await phone.until(lambda s: s.state is DeviceState.IDLE, "IDLE", within_ms)
    outcome = await phone.ask(Operation.SESSION_OUTCOME, SessionArguments(request.session_id))
    ended = (Outcome.NOT_STARTED, Outcome.UNKNOWN)
    expect(outcome.outcome in ended, "a session that hasn't started", outcome.outcome.name)


@checks.add(Section.ARMING, Operation.ARM, needs=(Need.UNLOCKED,), gives=(Need.ARMED,))
async def armed(bench: Bench) -> None:
    """ARM is answered by the band's own signature over this very message, with a fresh key."""
    phone = await bench.phone()
    request = await _request(phone, bench)
    answer: ArmResult = await phone.say(Operation.ARM, request.message)
    agreed = agree(request, answer.answer, bench.demo)
    same(agreed.said.arm_hash, sign1.name_of(request.message), "hash of the arm message")
    same(agreed.said.session_id, request.session_id, "session")
    bench.kept.armed = agreed
    bench.kept.writer = CommandWriter(agreed.key, agreed.session_id)
    phone.client.hold_session_key(bench.kept.writer)
    await phone.beat()
    await phone.until(lambda s: s.state is DeviceState.ARMED, "ARMED")


@checks.add(Section.ARMING, Operation.BEAT, needs=(Need.ARMED,))
async def other_mac(bench: Bench) -> None:
    """A command whose MAC isn't by the session's key is refused."""
    phone, writer = await bench.phone(), _writer(bench)

    def seal() -> SealedArguments:
        counter, mac = writer.seal(Operation.BEAT)
        return SealedArguments(counter, bytes([mac[0] ^ 1]) + mac[1:])

    asked = phone.ask_sealed(Operation.BEAT, seal)
    await refused(asked, StatusCode.NOT_TRUSTED, "trust_mac")


@checks.add(Section.ARMING, Operation.STILL_HERE, needs=(Need.ARMED,))
async def replayed(bench: Bench) -> None:
    """A command that was seen before is refused, in a new request too."""
    phone, writer = await bench.phone(), _writer(bench)
    sent: list[SealedArguments] = []

    def seal() -> SealedArguments:
        sent.append(SealedArguments(*writer.seal(Operation.STILL_HERE)))
        return sent[-1]

    await phone.ask_sealed(Operation.STILL_HERE, seal)
    asked = phone.ask(Operation.STILL_HERE, sent[-1])
    await refused(asked, StatusCode.NOT_TRUSTED, "trust_replay")


@checks.add(Section.ARMING, Operation.BEAT, needs=(Need.ARMED,))
async def for_another_operation(bench: Bench) -> None:
    """A MAC for one operation is nothing for another."""
    phone, writer = await bench.phone(), _writer(bench)
    asked = phone.ask_sealed(
        Operation.OPEN_START_WINDOW,
        lambda: SealedArguments(*writer.seal(Operation.STILL_HERE)),
    )
    await refused(asked, StatusCode.NOT_TRUSTED, "trust_mac")


@checks.add(
    Section.STATES,
    Operation.ARM,
    Operation.PRACTICE,
    Operation.RESUME,
    Operation.TITRATE,
    Operation.REPOSITIONED,
    needs=(Need.ARMED,),
)
async def not_while_armed(bench: Bench) -> None:
    """An armed band takes nothing that belongs to another state."""
    phone = await bench.phone()
    request = await _request(phone, bench)
    await refused(phone.say(Operation.ARM, request.message), StatusCode.WRONG_STATE, "not_idle")
    await refused(phone.ask(Operation.PRACTICE), StatusCode.WRONG_STATE, "not_idle")
    await refused(phone.client.resume(), StatusCode.WRONG_STATE, "not_paused")
    await refused(phone.client.titrate(10), StatusCode.WRONG_STATE, "not_stimulating")
    await refused(phone.client.repositioned(), StatusCode.WRONG_STATE, "not_repositioning")


@checks.add(Section.ARMING, Operation.START, needs=(Need.ARMED,))
async def start_is_the_persons(bench: Bench) -> None:
    """START alone starts nothing where the plan wants the button."""
    phone = await bench.phone()
    await refused(phone.client.start(), StatusCode.BUTTON_NEEDED, "press_the_button")
    same((await phone.status()).state, DeviceState.ARMED, "state")


@checks.add(Section.STATUS, Operation.OPEN_START_WINDOW, needs=(Need.ARMED,))
async def window(bench: Bench) -> None:
    """The window for the button is told in the status, and nothing fires by it."""
    phone = await bench.phone()
    await phone.client.open_start_window()
    status = await phone.until(lambda s: s.start_window_open, "an open window")
    same((status.state, status.firing), (DeviceState.ARMED, False), "state")


@running.add(
    Section.ARMING,
    Operation.OPEN_START_WINDOW,
    needs=(Need.BUTTON,),
    gives=(Need.STIMULATING,),
)
async def started_by_button(bench: Bench) -> None:
    """The button starts within the window, and pulses are charged."""
    phone = await bench.phone()
    await phone.client.open_start_window()
    await bench.person.press()
    await phone.until(lambda s: s.state is DeviceState.STIMULATING, "STIMULATING")
    await phone.until(lambda s: bool(s.charged_pulses), "pulses")


@running.add(Section.STATUS, needs=(Need.STIMULATING,))
async def telemetry(bench: Bench) -> None:
    """Telemetry comes each second of a session, each sample later than the one before."""
    phone = await bench.phone()
    first, second = await phone.telemetry(2, 1_000 + SLACK_MS)
    expect(second.uptime_ms > first.uptime_ms, "a later instant", second.uptime_ms)
    expect(second.charged_pulses >= first.charged_pulses, "no fewer pulses", second)


@running.add(Section.OPERATIONS, Operation.SOFTEN, needs=(Need.STIMULATING,))
async def softened(bench: Bench) -> None:
    """SOFTEN lowers the output and never raises it."""
    phone = await bench.phone()
    now = (await phone.status()).percent_mso
    if now is None:
        raise Deviation("an output in the status", "none")
    await phone.client.soften(now - 1)
    await phone.until(lambda s: s.percent_mso == now - 1, f"{now - 1} % of maximum output")
    try:
        await phone.client.soften(now)
    except DeviceRefused:
        return
    same((await phone.status()).percent_mso, now - 1, "output after a wish for more")


async def _request(phone: Phone, bench: Bench) -> Request:
    nonce = await phone.client.nonce(NoncePurpose.ARM)
    plan_hash = (await phone.status()).prescription_hash
    if plan_hash is None:
        raise Deviation("a plan in force", "none")
    return request_over(nonce, bench.demo, plan_hash)


def _writer(bench: Bench) -> CommandWriter:
    writer = bench.kept.writer
    if writer is None:
        raise Deviation("an armed session", "none")
    return writer
