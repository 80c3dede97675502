"""The ends: the band that retires by a signed word, a hold that is lifted, and another clinic."""

from __future__ import annotations

from pathlib import Path

from firmware_bridge.emulator.firmware.core import Firmware
from mobile.engine.caring import tell
from mobile.engine.handed_over import is_handed_over
from mobile.presenters.actions import Enrol, Press
from mobile.presenters.views import PairView, TodayView, WelcomeView
from shared.care.bodies import MessageOut
from shared.dose.ledger import LedgerState
from shared.trust import sign1
from shared.trust.keys import PublicKey
from shared.trust.staff_words import HandOver, HandOverPurpose, LiftHold, LiftLine
from shared.trust.statements import LedgerHead, Scope
from shared.wire.status import DeviceState
from tests.mobile.engine.clinic_server import BORN, CODE
from tests.mobile.engine.test_caring import put_card
from tests.mobile.engine.test_messages import page, put_message
from tests.mobile.engine.test_phones import open_place, ready
from tests.mobile.engine.world import World, whole_day
from tests.shared.care.cards import card
from tests.shared.clinic import DEVICE_ID, Clinic

OTHER = b"other-clinic"


def sign_hand_over(world: World, purpose: HandOverPurpose) -> None:
    """The prescriber signs over the record as it stands."""
    ledger = world.life.context.ledger
    assert ledger is not None
    assert ledger.epoch is not None
    state = ledger.state
    word = HandOver(DEVICE_ID, ledger.epoch, state.number, state.hash, purpose)
    world.server.put_staff_word(word, Scope.PRESCRIBE)


def past(world: World) -> LedgerState:
    """What the band's record adds up to."""
    core = world.shell.core
    assert isinstance(core, Firmware)
    return core.ledger


async def test_the_band_goes_back_by_a_signed_word_and_its_persons_touch(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        await world.drive("sync")
        view = await open_place(world, "return-band")
        assert "hasn't signed yet" in str(view)
        sign_hand_over(world, HandOverPurpose.RETIRE)
        await world.drive("sync")
        view = await page(world, "return-band", "The band may go")
        assert past(world).retired is False, "nothing is done without the touch"
        world.act(Press("let-go"))
        await world.until(lambda: is_handed_over(world.life.context.store))
        assert past(world).retired
        await page(world, "return-band", "All is done")
        heads = [body for kind, body in world.server.accepted.values() if kind == "head"]
        key = PublicKey(world.life.context.require_enrolment().device_key)
        last = [sign1.verify(LedgerHead, head, audience=b"demo-clinic", key=key) for head in heads]
        assert any(head.retired for head in last)
        newest = max(head.number for head in last)
        records = {name for name in world.server.accepted if name.startswith("record/")}
        assert len(records) == newest, "the record is with the clinic to its end"


async def test_a_word_over_an_older_record_is_refused_in_words(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        await world.drive("sync")
        sign_hand_over(world, HandOverPurpose.RETIRE)
        await world.life.context.stimulator.practice()
        await world.life.context.stimulator.stop()
        await open_place(world, "return-band")
        await world.drive("sync")
        await page(world, "return-band", "The band may go")
        world.act(Press("let-go"))
        await page(world, "return-band", "It didn't work yet")
        await page(world, "return-band", "hasn't signed yet")
        assert not is_handed_over(world.life.context.store)


async def test_a_hold_that_was_lifted_at_the_desk_ends_at_the_band(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        world.server.place_hold()
        await world.drive("sync")
        (hold,) = past(world).holds
        line = LiftLine(hold.hold_id, hold.record_hash)
        world.server.put_staff_word(LiftHold(DEVICE_ID, (line,)), Scope.LIFT_HOLD)
        await world.drive("sync")
        assert past(world).holds == ()
        await ready(world)


async def test_a_word_by_the_wrong_scope_changes_nothing(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        world.server.place_hold()
        await world.drive("sync")
        (hold,) = past(world).holds
        line = LiftLine(hold.hold_id, hold.record_hash)
        world.server.put_staff_word(LiftHold(DEVICE_ID, (line,)), Scope.SUPERVISE)
        await world.drive("sync")
        assert past(world).holds == (hold,)


async def test_another_clinic_takes_the_band_and_the_person_over(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        put_card(world, card(clinic_name="Demo clinic"))
        put_message(world, "See you on Tuesday.")
        await world.drive("sync")
        sign_hand_over(world, HandOverPurpose.RESET)
        await world.drive("sync")
        await open_place(world, "return-band")
        await page(world, "return-band", "The band may go")
        world.act(Press("let-go"))
        await page(world, "return-band", "All is done")
        await open_place(world, "change-of-clinic")
        world.server.begin_anew(
            Clinic(clinic_id=OTHER, manufacturer=world.server.clinic.manufacturer)
        )
        world.act(Press("begin"))
        await world.see(WelcomeView)
        world.act(Enrol(CODE, BORN))
        await world.see(PairView, lambda view: view.button is not None)
        context = world.life.context
        assert context.require_enrolment().clinic_id == OTHER
        assert context.card.serial == 0, "the old clinic's card doesn't speak for the new one"
        assert len(context.store.messages.all()) == 1, "what was written stays on the phone"
        await world.pair()
        await world.see(TodayView)
        world.prescribe(clinic_id=OTHER, serial=2, course_id=b"d" * 16)
        await world.drive("sync")
        await ready(world)
        status = context.status
        assert status is not None
        assert status.state is DeviceState.IDLE
        assert world.server.accepted, "the new clinic gets the record"


async def test_what_is_not_sent_is_asked_about_before_a_clinic_is_left(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.server.is_down = True
        tell(world.life.context, MessageOut("Good bye."))
        await world.until(lambda: not world.life.context.reachable)
        await open_place(world, "change-of-clinic")
        await page(world, "change-of-clinic", "1 item isn't sent yet")
        world.act(Press("begin"))
        view = await page(world, "change-of-clinic", "lose what isn't sent")
        assert view.foot[1].danger
        world.act(Press("begin"))
        await world.see(WelcomeView)


async def test_what_waits_can_be_sent_before_a_clinic_is_left(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await world.drive("sync")
        outbox = world.life.context.store.outbox
        world.server.is_down = True
        tell(world.life.context, MessageOut("Good bye."))
        await world.until(lambda: not world.life.context.reachable)
        await open_place(world, "change-of-clinic")
        world.act(Press("send-first"))
        await page(world, "change-of-clinic", "Not sent yet")
        assert outbox.waiting() == 1
        world.server.is_down = False
        world.act(Press("send-first"))
        view = await page(world, "change-of-clinic", "All sent")
        assert outbox.waiting() == 0
        assert [each.action for each in view.foot] == ["begin", "back"]
