"""What the person and the app do around a session, in good faith or not."""

from __future__ import annotations

from shared.dose.prescription import Prescription
from shared.trust.staff_words import Supervise
from shared.trust.statements import Gate, GateOutcome, SideEffectAnswers
from shared.wire.operations import BlobKind, NoncePurpose
from shared.wire.status import DeviceState
from tests.campaign.schedules.actions.registry import HOUR_MS, MINUTE_MS, Done, action
from tests.campaign.schedules.clinic import DEVICE_ID


def confirmed(prescription: Prescription) -> tuple[Gate, ...]:
    """The gates that a person says are met."""
    asked = (Gate.ATTENDED, Gate.EAR_PROTECTION)
    return tuple(gate for gate in prescription.gates if gate in asked)


async def pass_gates(done: Done) -> None:
    """Answer the screening; have staff say that they are there, where that is asked."""
    phone, plan = done.phone, done.stage.person.prescription
    await phone.answer_gates(GateOutcome.PASS, 0, confirmed(plan), None)
    if Gate.SUPERVISED in plan.gates:
        await supervise_now(done)


async def supervise_now(done: Done) -> None:
    """Trained staff says that they are present."""
    phone, person = done.phone, done.stage.person
    nonce = await phone.stimulator.nonce(NoncePurpose.SUPERVISE)
    blob = done.stage.clinic.staff_word(Supervise(DEVICE_ID, person.patient, nonce), 2)
    person.words.append(("supervise", BlobKind.STAFF_WORD, blob))
    await phone.blob(BlobKind.STAFF_WORD, blob)
    await phone.stimulator.supervise()


async def begin(done: Done, *, make_up: bool = False) -> None:
    """Arm and start, as the app does it after its errands."""
    phone, plan = done.phone, done.stage.person.prescription
    await phone.arm(plan, done.stage.named(), make_up=make_up)
    done.stage.person.last_session_id = phone.run.session_id if phone.run else bytes(16)
    await start_now(done)


async def start_now(done: Done) -> None:
    """START on the phone, and the band's button where it is asked for."""
    if done.stage.person.prescription.button_required:
        await done.phone.stimulator.open_start_window()
        done.stage.band.press()
    else:
        await done.phone.stimulator.start()


async def go_on(done: Done) -> None:
    """Resume, and press the button in case that it is asked for."""
    await done.phone.stimulator.resume()
    if done.stage.band.state is DeviceState.PAUSED:
        done.stage.band.press()


async def all_of_it(done: Done) -> None:
    """Errands, gates, arm, start."""
    await done.phone.round()
    await pass_gates(done)
    await begin(done)


@action(26, begins=True)
async def treat(done: Done) -> None:
    await done.ask(all_of_it(done))
    await done.wait_ms(1, 9_000)


@action(10)
async def treat_to_the_end(done: Done) -> None:
    await done.ask(all_of_it(done))
    plan = done.stage.person.prescription
    for _ in plan.parts:
        await done.stage.sleep_ms(plan.session_ms + 1_000)
        if done.stage.band.state is DeviceState.REPOSITIONING:
            await done.ask(done.phone.stimulator.repositioned())


@action(6, begins=True)
async def wait_until_open(done: Done) -> None:
    """Wait to the very millisecond at which the lock says that it opens, then treat at once."""
    stage = done.stage
    await done.ask(done.phone.round())
    if stage.band.state is not DeviceState.IDLE:
        return
    await done.ask(pass_gates(done))
    status = stage.band.firmware.status()
    ends = [reason.ends_proven_ms for reason in status.reasons if reason.ends_proven_ms]
    wait_ms = max(ends, default=0) - status.proven_ms
    if 0 < wait_ms < 9 * 24 * HOUR_MS:
        await stage.sleep_ms(max(0, wait_ms - 20_000))
        await done.ask(done.phone.round())
        await done.ask(pass_gates(done))
        left_ms = max(ends) - stage.band.firmware.status().proven_ms if stage.band.on else 0
        await stage.sleep_ms(max(0, left_ms))
    await done.ask(begin(done))
    await done.wait_ms(1, 12_000)


@action(3, begins=True)
async def make_up(done: Done) -> None:
    async def answered() -> None:
        await done.phone.round()
        said = SideEffectAnswers(done.stage.person.last_session_id, done.phone.patient_id, 1, None)
        await done.phone.stimulator.side_effect_answers(done.phone.signed(said))

    if done.chance.random() < 0.7:
        await done.ask(answered())

    async def again() -> None:
        await pass_gates(done)
        await begin(done, make_up=True)

    await done.ask(again())
    await done.wait_ms(1, 9_000)


async def arm_now(done: Done) -> None:
    """Errands and gates, and arm; START is not touched."""
    await done.phone.round()
    await pass_gates(done)
    plan = done.stage.person.prescription
    await done.phone.arm(plan, done.stage.named(), make_up=False)


@action(2, begins=True)
async def arm_only(done: Done) -> None:
    await done.ask(arm_now(done))
    await done.wait_ms(1, 4_000)


@action(2)
async def hesitate(done: Done) -> None:
    """Armed, and nobody touches START until it is over."""
    await done.ask(arm_now(done))
    for _ in range(2):
        await done.wait_ms(55_000, 65_000)


@action(2)
async def arm_while_hot(done: Done) -> None:
    await done.ask(arm_now(done))
    await feel(done, "coil_temperature_c", 50, None)


@action(1, during=2)
async def leave_unplaced(done: Done) -> None:
    """Between two parts the band is never placed anew."""
    for _ in range(10):
        if done.stage.band.state is DeviceState.REPOSITIONING:
            await done.wait_ms(60_000, 62_000)


@action(2, begins=True)
async def start(done: Done) -> None:
    await done.ask(start_now(done))
    await done.wait_ms(1, 4_000)


@action(8, during=8, begins=True)
async def let_run(done: Done) -> None:
    await done.wait_ms(50, 14_000)


@action(8, during=8, begins=True)
async def resume(done: Done) -> None:
    await done.ask(go_on(done))
    await done.wait_ms(1, 9_000)


@action(5, during=7)
async def stop(done: Done) -> None:
    await done.ask(done.phone.stimulator.stop())
    await done.wait_ms(1, 6_000)


@action(3, during=4)
async def pause(done: Done) -> None:
    await done.ask(done.phone.stimulator.pause())
    await done.wait_ms(1, 6_000)


@action(2, during=2)
async def close(done: Done) -> None:
    await done.ask(done.phone.stimulator.close())


@action(5, during=6)
async def press(done: Done) -> None:
    done.stage.band.press()
    await done.wait_ms(1, 6_000)


@action(3, during=2)
async def hold_button(done: Done) -> None:
    """The button is held for three seconds, mostly while something else begins."""
    stimulator, band = done.phone.stimulator, done.stage.band
    band.press(held_ms=4_000)
    await done.wait_ms(2_850, 3_000)
    what = done.chance.choice(("close", "self_test", "practice", "arm", "update", None))
    if what == "update":
        band.begin_update()
    elif what == "arm":
        await done.ask(arm_now(done), 1_000)
    elif what is not None:
        await done.ask(getattr(stimulator, what)(), 1_000)
    await done.wait_ms(200, 1_100)
    band.release()
    band.end_update()


@action(2)
async def start_by_holding(done: Done) -> None:
    """The press that starts a session goes on, into the session."""
    await done.ask(arm_now(done))
    await done.ask(done.phone.stimulator.open_start_window())
    done.stage.band.press(held_ms=4_000)
    await done.wait_ms(2_000, 5_000)
    done.stage.band.release()


@action(3, during=6, begins=True)
async def soften(done: Done) -> None:
    percent = done.chance.choice((20, 30, 45, 90))
    await done.ask(done.phone.stimulator.soften(percent))
    await done.wait_ms(1, 6_000)


@action(6, during=8, begins=True)
async def place_anew(done: Done) -> None:
    """Say that the band was moved, in its time or not."""
    await done.ask(done.phone.stimulator.repositioned())
    await done.wait_ms(1, 9_000)


@action(3, during=4)
async def walk_away(done: Done) -> None:
    """Nobody answers whether somebody is there."""
    done.phone.there = False
    await done.wait_ms(1_000, 50_000)
    done.phone.there = True


@action(4)
async def sync(done: Done) -> None:
    await done.ask(done.phone.round())


@action(6)
async def wait_hours(done: Done) -> None:
    hours = done.chance.choice((1, 3, 4, 5, 15, 18, 20, 24))
    await done.stage.sleep_ms(
        hours * HOUR_MS + done.chance.randrange(-2 * MINUTE_MS, 2 * MINUTE_MS)
    )


@action(2)
async def wait_days(done: Done) -> None:
    days = done.chance.choice((2, 3, 7, 8, 40, 65))
    await done.stage.sleep_ms(days * 24 * HOUR_MS + done.chance.randrange(MINUTE_MS))


@action(2, during=1)
async def pause_to_its_limit(done: Done) -> None:
    await done.ask(done.phone.stimulator.pause())
    await done.wait_ms(590_000, 610_000)


@action(2, during=1)
async def practise(done: Done) -> None:
    await done.ask(done.phone.stimulator.practice())
    await done.wait_ms(1, 20_000)


@action(2, during=1)
async def self_test(done: Done) -> None:
    await done.ask(done.phone.stimulator.self_test())
    await done.wait_ms(1, 4_000)


@action(1)
async def locate(done: Done) -> None:
    await done.ask(done.phone.stimulator.locate())


@action(2, during=1)
async def side_effects(done: Done) -> None:
    flag = done.chance.choice((None, None, "headache_severe", "seizure"))
    said = SideEffectAnswers(done.stage.person.last_session_id, done.phone.patient_id, 1, flag)
    await done.ask(done.phone.stimulator.side_effect_answers(done.phone.signed(said)))


async def feel(done: Done, name: str, bad: int | bool, good: int | bool | None) -> None:
    done.faults[name] += 1
    done.stage.band.feel(name, bad)
    await done.wait_ms(20, 2_500)
    done.stage.band.feel(name, good)
    await done.wait_ms(1, 3_000)


@action(3, during=4, begins=True)
async def lose_contact(done: Done) -> None:
    await feel(done, "contact", False, True)


@action(3, during=4)
async def slip(done: Done) -> None:
    await feel(done, "position_ok", False, True)


@action(2, during=2)
async def overheat(done: Done) -> None:
    await feel(done, "coil_temperature_c", 50, None)


@action(2, during=2)
async def move_the_head(done: Done) -> None:
    await feel(done, "motion_mg", 900, 30)


@action(1, during=1)
async def run_down(done: Done) -> None:
    await feel(done, "battery_percent", 20, 80)


@action(2, during=1)
async def update(done: Done) -> None:
    if done.stage.band.begin_update():
        await done.ask(all_of_it(done), 3_000)
        done.stage.band.end_update()
