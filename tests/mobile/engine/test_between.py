"""Between sessions over the real engine: written, found again, changed, removed, put back, told."""

from __future__ import annotations

from pathlib import Path

from mobile.engine.entries import WRITING
from mobile.presenters import forms
from mobile.presenters.actions import Choose, Press, Typed
from mobile.presenters.page import PageView, Rows
from mobile.presenters.views import TodayView
from mobile.store.notes import NoteKind
from shared.care.bodies import Homework, MedicineTaken, Told
from tests.mobile.engine.test_caring import put_card
from tests.mobile.engine.test_messages import page, told
from tests.mobile.engine.world import World, whole_day
from tests.shared.care.cards import card


async def open_form(world: World, form: str) -> None:
    world.act(Press("between"))
    await page(world, "between")
    world.act(Press(form))
    await page(world, f"entries-{form}")
    world.act(Press("go-on"))
    await page(world, f"form-{form}")


def agree(world: World) -> None:
    context = world.life.context
    context.store.consents.give(WRITING, "words", now_ms=context.instants.wall_ms())


async def write_note(world: World, text: str) -> str:
    await open_form(world, forms.NOTE)
    world.act(Typed("note", text))
    world.act(Press("next"))
    await page(world, "entries-note", text)
    return world.life.context.store.notes.all_of(NoteKind.NOTE)[-1].id


async def test_a_thought_record_is_written_step_by_step_and_told(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        agree(world)
        await open_form(world, forms.THOUGHT_RECORD)
        for field, text in (
            ("situation", "In the shop"),
            ("thought", "I can't do it"),
            ("strength", "180"),
        ):
            world.act(Typed(field, text))
            world.act(Press("next"))
        await page(world, "form-thought-record", "0 to 100, or leave it empty")
        world.act(Typed("strength", "80"))
        for _ in range(4):
            world.act(Press("next"))
        await page(world, "entries-thought-record", "In the shop")
        await world.drive("sync")
        (item,) = told(world)
        assert isinstance(item, Homework)
        assert (item.form, item.removed) == ("thought-record", False)
        assert item.texts == (
            Told("situation", "In the shop"),
            Told("thought", "I can't do it"),
            Told("strength", "80"),
        )


async def test_without_consent_nothing_leaves_the_phone(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        context = world.life.context
        context.store.consents.withdraw(WRITING, now_ms=context.instants.wall_ms())
        waiting = context.store.outbox.waiting()
        await write_note(world, "Only for me")
        await page(world, "entries-note", "This stays on this phone")
        await world.drive("sync")
        assert told(world) == []
        assert context.store.outbox.waiting() <= waiting


async def test_a_killed_app_comes_back_to_the_step_with_its_words(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await open_form(world, forms.THOUGHT_RECORD)
        world.act(Typed("situation", "In the shop"))
        world.act(Press("next"))
        await page(world, "form-thought-record", "Step 2")
        world.act(Typed("thought", "I can"))
        view = await world.start_again(PageView)
        assert (view.name, view.subtitle) == ("form-thought-record", "Step 2 of 6")
        assert "I can" in str(view)
        world.act(Press("back"))
        await page(world, "form-thought-record", "In the shop")


async def test_what_is_left_unfinished_is_found_in_the_list(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await open_form(world, forms.ACTIVITY_PLAN)
        world.act(Typed("activity", "A walk"))
        world.act(Press("back"))
        await page(world, "entries-activity-plan", "Not finished yet")
        world.act(Press("back"))
        await page(world, "between", "One is not finished yet")
        world.act(Press(forms.ACTIVITY_PLAN))
        world.act(Press("go-on"))
        await page(world, "form-activity-plan", "A walk")
        world.act(Press("discard"))
        await page(world, "entries-activity-plan", "Undo")
        world.act(Press("undo"))
        await page(world, "entries-activity-plan", "Not finished yet")


async def test_a_plan_is_completed_afterwards(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await open_form(world, forms.ACTIVITY_PLAN)
        world.act(Typed("activity", "A walk"))
        world.act(Press("next"))
        world.act(Typed("when", "After breakfast"))
        world.act(Press("next"))
        view = await page(world, "entries-activity-plan", "A walk")
        (rows,) = (block for block in view.blocks if isinstance(block, Rows))
        world.act(Press(str(rows.rows[0].action)))
        await page(world, "entry-activity-plan", "Say how it went")
        world.act(Press("afterwards"))
        await page(world, "form-activity-plan", "How did it go?")
        world.act(Typed("outcome", "Shorter, but good"))
        world.act(Press("next"))
        view = await page(world, "entry-activity-plan", "Shorter, but good")
        assert "Say how it went" not in str(view)


async def test_a_change_and_a_removal_are_told_as_the_same_entry(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        agree(world)
        note_id = await write_note(world, "Slept badly")
        world.act(Press(f"entry/{note_id}"))
        await page(world, "entry-note")
        world.act(Press("change"))
        await page(world, "form-note", "Slept badly")
        world.act(Typed("note", "Slept well"))
        world.act(Press("next"))
        await page(world, "entry-note", "Slept well")
        world.act(Press("remove"))
        await page(world, "entries-note", "Undo")
        assert world.life.context.store.notes.get(note_id) is None
        world.act(Press("undo"))
        await page(world, "entries-note", "Slept well")
        await world.drive("sync")
        items = [item for item in told(world) if isinstance(item, Homework)]
        assert [(item.removed, item.texts) for item in items] == [
            (False, (Told("note", "Slept badly"),)),
            (False, (Told("note", "Slept well"),)),
            (True, ()),
            (False, (Told("note", "Slept well"),)),
        ]
        assert len({item.entry_id for item in items}) == 1


async def test_a_removal_can_be_undone_after_a_kill_and_not_after_leaving(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        note_id = await write_note(world, "Slept badly")
        world.act(Press(f"entry/{note_id}"))
        await page(world, "entry-note")
        world.act(Press("remove"))
        await page(world, "entries-note", "Undo")
        view = await world.start_again(PageView)
        assert "Undo" in str(view)
        world.act(Press("back"))
        await world.see(TodayView)
        world.act(Press("between"))
        world.act(Press(forms.NOTE))
        view = await page(world, "entries-note")
        assert "Undo" not in str(view)


async def test_a_medicine_is_noted_in_few_touches(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        agree(world)
        put_card(world, card())
        await world.drive("sync")
        await open_form(world, forms.MEDICINE)
        world.act(Choose("Paracetamol", "name"))
        world.act(Press("next"))
        await page(world, "form-medicine", "When did you take it?")
        world.act(Choose("yesterday", "day"))
        world.act(Typed("time", "7:05"))
        world.act(Press("next"))
        await page(world, "entries-medicine", "Yesterday 07:05")
        await world.drive("sync")
        (item,) = told(world)
        assert isinstance(item, MedicineTaken)
        assert (item.name, item.dose, item.taken_ms % 86_400_000) == (
            "Paracetamol",
            "",
            (7 * 60 + 5) * 60_000,
        )


async def test_nothing_written_is_nothing_kept(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await open_form(world, forms.NOTE)
        world.act(Press("next"))
        await page(world, "form-note", "nothing here to keep yet")
        world.act(Typed("note", "  "))
        world.act(Press("back"))
        view = await page(world, "entries-note", "Nothing here yet")
        assert "Not finished yet" not in str(view)
