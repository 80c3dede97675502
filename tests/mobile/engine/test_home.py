"""Around the treatment, on real parts: consent, lessons, settings, erasing."""

from __future__ import annotations

from pathlib import Path

from mobile.engine.flagging import WITHDRAWN
from mobile.language import use
from mobile.lessons import LESSONS
from mobile.presenters.actions import (
    Choose,
    Enrol,
    OpenLink,
    Press,
)
from mobile.presenters.consent_sections import ANSWERS, DETAILS, TREATMENT, VERSION
from mobile.presenters.page import PageView, Tab
from mobile.presenters.views import (
    MessageView,
    TodayView,
    WelcomeView,
)
from mobile.store.outbox import OutboxItem
from shared.care import bodies
from shared.care.bodies import Consent, TrainingDone
from shared.dose.reasons import ReasonCode
from shared.trust.sealing import open_sealed
from shared.trust.statements import Gate, HoldKind
from shared.wire.items import UpKind, care_context
from shared.wire.status import DeviceState
from tests.mobile.engine.clinic_server import CODE
from tests.mobile.engine.going import any_box, open_place, restart
from tests.mobile.engine.test_caring import put_card
from tests.mobile.engine.world import World, whole_day
from tests.shared.care.cards import card
from tests.shared.clinic import PATIENT_ID


def device_state(world: World) -> DeviceState:
    return world.shell.core.state


def told(world: World) -> list[object]:
    """What the clinic's care team reads of this phone."""
    sealed = [body for kind, body in world.server.accepted.values() if kind == "care"]
    context = care_context(PATIENT_ID)
    plain = [open_sealed(each, key=world.server.care, context=context) for each in sealed]
    return [bodies.unpack(each)[1] for each in plain]


async def go_through_the_lessons(world: World) -> None:
    """Read each lesson, answer it, first wrongly."""
    world.act(Press("begin"))
    for lesson in LESSONS:
        await world.see_part("lesson", lesson.id)
        world.act(Press("ask"))
        await world.see_part("lesson-question", lesson.id)
        wrong = next(at for at in range(len(lesson.answers)) if at != lesson.right)
        world.act(Choose(str(wrong)))
        view = await world.see(PageView, lambda view: any_box(view, "Not quite: try once more"))
        assert not view.foot[0].enabled
        world.act(Press("next"))
        world.act(Choose(str(lesson.right)))
        await world.see(PageView, lambda view: any_box(view, "That's it"))
        world.act(Press("next"))
    await world.see_part("lessons-done")


# Consent


async def test_nothing_goes_out_before_the_person_has_been_asked(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        await world.enrol_only()
        await world.see_part("sharing")
        waits = OutboxItem("waits", UpKind.CHECKIN, b"sealed")
        world.life.context.store.outbox.queue([waits], now_ms=1)
        await world.drive("sync")
        assert world.server.accepted == {}
        await world.consent()
        await world.pair()
        await world.see(TodayView)
        await world.drive("sync")
        assert [each for each in told(world) if isinstance(each, Consent)] == [
            Consent(name, given=True, version=VERSION)
            for name in (TREATMENT, ANSWERS, DETAILS, "writing")
        ]


async def test_without_the_needed_section_it_goes_no_further(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        await world.enrol_only()
        await world.see_part("sharing")
        world.act(Press("next"))
        await world.see_part("consent", TREATMENT)
        world.act(Choose("no", TREATMENT))
        view = await world.see(
            PageView,
            lambda view: (
                not view.foot[0].enabled
                and any_box(view, "Without this one there's no treatment at home")
            ),
        )
        world.act(Press("next"))
        assert (await world.see_part("consent")).place == view.place == TREATMENT


async def test_a_restart_in_the_middle_of_consent_comes_back_there(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        await world.enrol_only()
        await world.see_part("sharing")
        world.act(Press("next"))
        world.act(Choose("yes", TREATMENT))
        world.act(Press("next"))
        await world.see_part("consent", ANSWERS)
        await restart(world, "consent", ANSWERS)


async def test_a_section_taken_back_stops_what_it_says(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        store = world.life.context.store
        store.session_log.append(bytes(16), [b"line"])
        await open_place(world, "settings", "consents", f"section-{DETAILS}", "ask-withdraw")
        await world.see(PageView, lambda view: view.title == "Take it back?")
        world.act(Press("withdraw"))
        await world.until(lambda: not store.consents.holds(DETAILS))
        assert store.session_log.sessions() == ()
        world.act(Press("back"))
        await open_place(world, "settings", "consents", f"section-{TREATMENT}", "ask-withdraw")
        world.act(Press("withdraw"))
        await world.see(PageView, lambda view: any_box(view, "The band is locked"))
        (hold,) = world.ledger.holds
        assert (hold.kind, hold.reason) == (HoldKind.SAFETY, WITHDRAWN)
        await world.drive("sync")
        taken = [each for each in told(world) if isinstance(each, Consent) and not each.given]
        assert taken == [
            Consent(DETAILS, given=False, version=VERSION),
            Consent(TREATMENT, given=False, version=VERSION),
        ]
        # A yes given again opens nothing: the clinic does.
        world.act(Press("give"))
        await world.see(PageView, lambda view: view.subtitle == "Shared")
        world.act(Press("back"))
        world.act(Press(Tab.TODAY))
        locked = await world.see(TodayView, lambda view: view.chip.text == "Paused as you wished")
        assert "only they can open the band" in locked.body
        assert (await world.drive("try-session"))["refused"]
        assert world.ledger.holds == (hold,)


async def test_a_letters_link_types_the_code_and_names_the_server(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        host = world.server.url.removeprefix("http://")
        world.act(OpenLink("https://elsewhere.example/page"))
        world.act(OpenLink(f"circlet:enrol?clinic={host}&code={CODE}"))
        view = await world.see(WelcomeView, lambda view: view.code == CODE)
        world.act(Enrol(view.code.lower().replace("-", " - "), "29.2.1980"))
        await world.consent()
        await world.pair()
        await world.see(TodayView)
        world.act(OpenLink(f"circlet:enrol?clinic={host}&code={CODE}"))
        await world.see_notice("connected with your clinic already")


# Lessons and practice


async def test_the_lessons_open_the_training_gate_at_the_band(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe(gates=(Gate.SCREENING, Gate.TRAINING))
        await world.enrol_and_pair()
        await world.see(TodayView, lambda view: view.button_action == "lessons")
        assert not (await world.drive("facts"))["permitted"]
        world.act(Press("lessons"))
        await world.see_part("lessons")
        await go_through_the_lessons(world)
        await world.drive("sync")
        state = world.life.context.ledger
        assert state is not None
        assert state.state.trained == 1
        facts = await world.drive("facts")
        assert ReasonCode.TRAINING_NEEDED.name not in {line["name"] for line in facts["reasons"]}
        assert TrainingDone(1, 0) in told(world)
        world.act(Press("home"))
        await world.see(TodayView, lambda view: view.button_action == "get-ready")


async def test_lessons_done_far_from_the_band_are_told_when_it_is_back(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe(gates=(Gate.SCREENING, Gate.TRAINING))
        await world.enrol_and_pair()
        await world.see(TodayView, lambda view: view.button_action == "lessons")
        context = world.life.context
        world.radio.air.drop(out_of_reach_ms=1_500)
        await world.until(lambda: not context.is_linked)
        world.act(Press("lessons"))
        await world.see_part("lessons")
        await go_through_the_lessons(world)
        assert any_box(await world.see_part("lessons-done"), "The lessons are done")
        await world.until(lambda: context.ledger is not None and context.ledger.state.trained == 1)


async def test_a_kill_in_a_lesson_comes_back_to_it(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await open_place(world, "lessons", "begin", "ask")
        await world.see_part("lesson-question", LESSONS[0].id)
        world.act(Choose("0"))
        await world.see(PageView, lambda view: any_box(view, "Not quite: try once more"))
        view = await restart(world, "lesson-question", LESSONS[0].id)
        assert any_box(view, "Not quite: try once more")


async def test_a_clinic_that_raises_its_serial_has_them_gone_through_once_more(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe(gates=(Gate.SCREENING, Gate.TRAINING))
        await world.enrol_and_pair()
        await world.see(TodayView, lambda view: view.button_action == "lessons")
        world.act(Press("lessons"))
        await world.see_part("lessons")
        await go_through_the_lessons(world)
        world.act(Press("home"))
        await world.see(TodayView, lambda view: view.button_action == "get-ready")
        put_card(world, card(lessons_serial=2))
        await world.drive("sync")
        world.act(Press("get-ready"))
        view = await world.see_part("lessons")
        assert "Your clinic asks you" in str(view.blocks)
        await go_through_the_lessons(world)
        await world.drive("sync")
        ledger = world.life.context.ledger
        assert ledger is not None
        assert ledger.state.trained == 2
        world.act(Press("home"))
        world.act(Press("get-ready"))
        await world.see_part("screening")


# Settings, erasing


async def test_what_is_chosen_holds_at_once_and_after_a_restart(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await open_place(world, "settings", "text")
        world.act(Choose("160", "text"))
        world.act(Press("back"))
        world.act(Press("language"))
        try:
            world.act(Choose("de", "language"))
            await world.until(lambda: world.life.context.appearance.language == "de")
            look = world.life.context.appearance
            assert look.text_percent == 160
            await restart(world, "setting")
            assert world.life.context.appearance == look
        finally:
            use("en")


async def test_erasing_names_what_is_unsent_and_leaves_nothing(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await world.drive("sync")
        world.server.is_down = True
        await open_place(world, "settings", "consents", f"section-{DETAILS}", "ask-withdraw")
        world.act(Press("withdraw"))
        world.act(Press("back"))
        await open_place(world, "settings", "erase")
        first = await world.see_part("erase", "1")
        assert any_box(first, "Not everything has reached your clinic")
        world.act(Press("erase-now"))
        world.act(Press("step-2"))
        second = await world.see_part("erase", "2")
        assert [each.enabled for each in second.foot if each.action == "erase-now"] == [False]
        world.act(Press("erase-now"))
        world.act(Choose("understood"))
        await world.see(PageView, lambda view: all(each.enabled for each in view.foot))
        world.act(Press("erase-now"))
        gone = await world.see(MessageView)
        assert gone.title == "It's erased"
        left = [path.name for path in (tmp_path / "phone").iterdir()]
        assert [name for name in left if "sqlite" in name or name == "bluetooth"] == []
        world.act(Press("begin-anew"))
        await world.see(WelcomeView)
