"""A person's day with the real band and link: from the letter to a locked, recorded evening."""

from __future__ import annotations

from pathlib import Path

from mobile.presenters.actions import Choose, Enrol, Press, Stop
from mobile.presenters.views import (
    AfterView,
    PairView,
    ReadyView,
    SessionView,
    TodayView,
    WelcomeView,
)
from shared.dose import ledger
from shared.dose.prescription import hash_of, to_bytes
from shared.instruments.forms import phq9
from shared.trust import sealing, sign1
from shared.trust.statements import LedgerHead
from shared.wire import fields
from shared.wire.items import CheckinBody, checkin_context, session_log_context
from shared.wire.session_log import SessionLogBody
from shared.wire.status import DeviceState
from tests.mobile.engine.checking_in import check_in
from tests.mobile.engine.clinic_server import BORN, CODE
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import CLINIC_ID, DEVICE_ID, PATIENT_ID, itbs


async def test_the_first_day_from_the_letter_to_the_locked_evening(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        waiting = await world.enrol_and_pair()
        assert waiting.title == "Waiting for your plan"

        world.prescribe()
        locked = await world.see(TodayView, lambda view: view.title == "A few questions first")
        assert locked.reasons == ("A few safety questions come first.",)

        await world.answer_safety_questions()
        ready = await world.see(ReadyView)
        assert (ready.initials, ready.subtitle) == ("T.P.", "Session 1 of 30")
        facts = await world.drive("facts")
        assert (facts["permitted"], facts["by_band"]) == (True, True)

        await world.begin_session()
        asked = await world.see(SessionView, lambda view: view.still_here)
        assert asked.buttons[0].id == "still-here"
        world.act(Press("still-here"))
        after = await world.see(AfterView)
        assert after.summary == "600 of 600 pulses given. Every train was given."
        begun = next(i for i, view in enumerate(world.views) if isinstance(view, SessionView))
        assert not any(isinstance(view, ReadyView) for view in world.views[begun:])
        world.act(Choose("no"))
        world.act(Press("done"))

        resting = await world.see(TodayView, lambda view: view.sessions_done == 1)
        assert (resting.chip.text, resting.lead) == ("Resting time", "Next session")
        assert world.board.coil.fired_total == 600

        await _second_session_is_refused(world)
        await world.drive("sync")
        _record_at_the_clinic_is_whole(world)
        _log_opens_with_the_vault_key_only(world)


async def _second_session_is_refused(world: World) -> None:
    tried = await world.drive("try-session")
    assert tried["refused"]
    assert {"DAY_WINDOW", "SESSION_INTERVAL"} <= {reason["name"] for reason in tried["reasons"]}
    replayed = await world.drive("replay-arm")
    assert replayed["refused"]
    assert replayed["status"] == "NONCE_UNKNOWN"
    await world.drive("phone-clock", offset_ms=3 * 86_400_000)
    assert (await world.drive("try-session"))["status"] == "LOCKED"
    assert world.board.coil.fired_total == 600


def _record_at_the_clinic_is_whole(world: World) -> None:
    records = sorted(
        (int(name.rsplit("/", 1)[1]), body)
        for name, (kind, body) in world.server.accepted.items()
        if kind == "record"
    )
    heads = [
        sign1.verify(
            LedgerHead, body, audience=CLINIC_ID, key=world.board.identity.signer.public_key
        )
        for kind, body in world.server.accepted.values()
        if kind == "head"
    ]
    newest = max(heads, key=lambda head: head.number)
    state = ledger.genesis(DEVICE_ID, newest.epoch)
    for _, data in records:
        state = ledger.take(state, data)
    assert state.number == newest.number
    assert state.hash == newest.hash
    assert state.total_pulses == 600
    assert len(world.server.arrivals) == len(set(world.server.arrivals))


def _log_opens_with_the_vault_key_only(world: World) -> None:
    (sealed,) = [b for k, b in world.server.accepted.values() if k == "session_log"]
    plain = sealing.open_sealed(
        sealed, key=world.server.vault, context=session_log_context(PATIENT_ID)
    )
    log = fields.unpack(SessionLogBody, plain)
    events = [line.event for line in log.lines if line.event]
    assert events[0] == "armed"
    assert {"stimulating", "still-here", "ended"} <= set(events)
    assert sum(line.sample is not None for line in log.lines) > 100


async def test_lost_link_shows_what_was_known_and_heals(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe(still_here_s=300)
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()
        await world.see(SessionView, lambda view: view.train >= 4)

        world.radio.air.drop()
        lost = await world.see(SessionView, lambda view: view.link_lost)
        assert "last known" in lost.big_note
        assert lost.chip.text == "Link lost"
        assert lost.title == "Press the button on the band to stop now"
        assert "pauses by itself" in (lost.sentence or "")
        back = await world.see(SessionView, lambda view: not view.link_lost)
        if back.paused:
            world.act(Press("go-on"))
        after = await world.see(AfterView)

        assert after.title == "All done for today"
        assert (await world.drive("facts"))["link_losses_healed"] == 1
        assert world.board.coil.fired_total == 600


async def test_stop_ends_pulses_and_ending_here_counts_what_was_given(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()
        await world.see(SessionView, lambda view: view.train >= 2)

        world.act(Stop())
        paused = await world.see(SessionView, lambda view: view.paused)
        assert paused.title == "It has stopped"
        assert paused.subtitle == "You touched STOP. Nothing more will come."
        world.act(Press("end-here"))
        after = await world.see(AfterView)

        assert after.title == "Session ended early"
        assert world.shell.core.state is DeviceState.IDLE
        given = world.board.coil.fired_total
        assert after.summary.startswith(f"{given} of 600 pulses given.")
        world.act(Choose("no"))
        world.act(Press("done"))
        await world.see(TodayView, lambda view: view.chip.text == "Resting time")


async def test_stop_before_the_start_disarms_and_nothing_was_given(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.see(ReadyView)

        world.act(Stop())
        view = await world.see(TodayView, lambda view: view.notice is not None)
        assert view.notice is not None
        assert view.notice.body.startswith("Nothing was given.")
        assert (view.chip.text, view.button) == ("Ready when you are", "Get ready")
        assert view.title == "Today's session: about 3 minutes"
        assert world.shell.core.state is DeviceState.IDLE


async def test_hold_from_the_clinic_locks_the_band_in_the_session(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()

        world.server.place_hold()
        after = await world.see(AfterView)

        assert "Your clinic paused the treatment." in after.summary
        world.act(Choose("no"))
        world.act(Press("done"))
        held = await world.see(TodayView, lambda v: v.chip.text == "Paused by your clinic")
        assert "Your clinic paused the treatment" in held.body


async def test_an_answer_that_holds_locks_and_says_so_without_blame(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()

        await world.answer_safety_questions(medicine="unsure")
        said = await world.see_page("screening-waits")
        assert said.title == "Your clinic looks at this first"
        world.act(Press("done"))

        held = await world.see(TodayView, lambda v: v.chip.text == "Paused after your answers")
        assert held.button is None
        assert (await world.drive("try-session"))["refused"]


async def test_checkin_reaches_the_care_key_and_nobody_else(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        done = await check_in(world, 1)
        assert "text='9 of 27'" in repr(done.blocks)
        assert phq9().wording_label in repr(done.blocks).lower()
        await world.drive("sync")

        (sealed,) = [b for k, b in world.server.accepted.values() if k == "checkin"]
        plain = sealing.open_sealed(
            sealed, key=world.server.care, context=checkin_context(PATIENT_ID)
        )
        assert fields.unpack(CheckinBody, plain).answers == (1,) * 9


async def test_wrong_code_and_wrong_date_are_said_in_words(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        world.act(Enrol(CODE, "yesterday"))
        view = await world.see(WelcomeView, lambda view: view.problem is not None)
        assert view.problem is not None
        assert "year, month, day" in view.problem.body
        world.act(Enrol("demo-clinic-XXXX-XXXX-XXXX", BORN))
        await world.see(WelcomeView, _says_that_the_code_is_unknown)


def _says_that_the_code_is_unknown(view: WelcomeView) -> bool:
    return view.problem is not None and "does not open" in view.problem.body


async def test_unreachable_clinic_is_said_at_enrolment(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        world.server.is_down = True
        world.act(Enrol(CODE, BORN))
        view = await world.see(WelcomeView, lambda view: view.problem is not None)
        assert view.problem is not None
        assert "can't be reached" in view.problem.body


async def test_another_number_pairs_nothing_and_can_be_tried_again(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol()
        await world.shell.press(3_200)
        world.act(Press("find-band"))
        await world.see(PairView, lambda view: view.number is not None)
        world.act(Choose("different"))
        view = await world.see(PairView, lambda view: view.problem is not None)
        assert view.button == "Find the band"

        await world.pair()
        await world.see(TodayView)


async def test_each_wait_for_the_band_can_be_broken_off_and_begun_anew(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol()
        world.act(Press("find-band"))
        await world.see(PairView, lambda view: (view.seconds_left or 0) > 0)
        world.act(Press("cancel"))
        await world.see(PairView, lambda view: view.button == "Find the band")

        await world.shell.press(3_200)
        world.act(Press("find-band"))
        await world.see(PairView, lambda view: view.number is not None)
        world.act(Press("cancel"))
        await world.see(PairView, lambda view: view.button == "Find the band")

        await world.pair()
        await world.see(TodayView)


async def test_plan_of_a_foreign_origin_is_refused_by_the_band_and_said(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.see(TodayView, lambda view: view.title == "A few questions first")
        first = hash_of(to_bytes(itbs()))
        foreign = world.server.clinic.prescribe(
            itbs(serial=2, replaces_hash=first, new_course=False),
            origin="http://cloud.localhost:8000",
        )
        path = tmp_path / "foreign.cbor"
        path.write_bytes(foreign)
        refused = await world.drive("install-blob", path=str(path))
        assert refused["code"] == "trust_origin"
        notice = (await world.see(TodayView, lambda view: view.notice is not None)).notice
        assert notice is not None
        assert "signed at a place that the band doesn't accept" in notice.body

        path.write_bytes(foreign[:-20])
        assert (await world.drive("install-blob", path=str(path)))["refused"]


async def test_phone_started_anew_is_where_it_was_and_explains_the_lock(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.see(TodayView, lambda view: view.title == "A few questions first")
        await world.end_phone()

        world.views.clear()
        world.begin_phone()
        first = await world.see(TodayView)
        assert first.reasons == ("A few safety questions come first.",)
        await world.see(TodayView, lambda view: view.button_action == "get-ready")
