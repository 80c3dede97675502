"""What is written between sessions, as pages: forms by steps, lists, one entry, and their words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mobile.presenters import entries as pages
from mobile.presenters import forms
from mobile.presenters.entries import Entry, HubFacts, ListFacts, SharingFacts, StepFacts
from mobile.presenters.forms import Kind, form_of
from mobile.presenters.page import Box, Choices, Count, Field, Group, PageView, Push, Rows, Words
from mobile.presenters.words import Now

BERLIN = ZoneInfo("Europe/Berlin")
ALONE = SharingFacts("Demo clinic", shared=False)
THOUGHT, MEDICINE = form_of(forms.THOUGHT_RECORD), form_of(forms.MEDICINE)
PLAN = form_of(forms.ACTIVITY_PLAN)


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()) * 1000


def now(text: str = "2026-03-02T18:30") -> Now:
    return Now(at(text), BERLIN)


def entry(form: str = forms.THOUGHT_RECORD, **texts: str) -> Entry:
    return Entry("n1", form, "e1", texts, at("2026-03-01T09:00"))


def rows(view: PageView) -> list[tuple[str, str]]:
    found = [block for block in view.blocks if isinstance(block, Rows)]
    return [(row.label, row.value) for block in found for row in block.rows]


def step_of(form: forms.Form, number: int, **more: Any) -> PageView:
    texts, step = more.pop("texts", {}), form.steps[number - 1]
    return pages.step_page(StepFacts(now(), form, step, number, len(form.steps), texts, **more))


def test_a_thought_record_goes_from_what_happened_to_a_kinder_view() -> None:
    assert [step.title for step in THOUGHT.steps] == [
        "What happened?",
        "What went through your mind?",
        "What did you feel?",
        "What speaks for the thought?",
        "What speaks against it?",
        "A kinder view",
    ]
    view = step_of(THOUGHT, 3, texts={"strength": "80"})
    assert view.subtitle == "Step 3 of 6"
    assert Count(3, 6) in view.blocks
    fields = [block for block in view.blocks if isinstance(block, Field)]
    assert [(each.name, each.text, each.digits) for each in fields] == [
        ("feeling", "", False),
        ("strength", "80", True),
    ]


@pytest.mark.parametrize("text", ["", "0", "100", " 50 "])
def test_a_strength_from_0_to_100_is_fine_and_so_is_none(text: str) -> None:
    assert pages.problem_of(THOUGHT.steps[2], {"strength": text}) is None


@pytest.mark.parametrize("text", ["101", "-1", "1.5", "much", "\u00b2"])
def test_another_strength_is_asked_for_once_more(text: str) -> None:
    assert "0 to 100" in str(pages.problem_of(THOUGHT.steps[2], {"strength": text}))


def test_the_last_step_keeps_and_the_others_lead_on() -> None:
    assert step_of(THOUGHT, 1).foot[0].text == "Next"
    assert step_of(THOUGHT, 6).foot[0].text == "Keep it"


def test_every_form_has_fields_of_its_own_names() -> None:
    for form in forms.FORMS:
        names = [each.id for each in form.fields]
        assert len(names) == len(set(names))
        assert form.headline in names
        assert all(step.title and step.help for step in form.steps)
    with pytest.raises(KeyError):
        form_of("poem")


def test_an_empty_list_says_what_it_is_for() -> None:
    view = pages.list_page(ListFacts(now(), THOUGHT, (), ALONE))
    (group,) = (block for block in view.blocks if isinstance(block, Group))
    assert "step by step" in str(group)
    assert view.foot[0] == Push("Write down a thought", "go-on", strong=True)


def test_a_list_has_its_entries_by_what_they_are_about() -> None:
    listed = (entry(situation="In the shop"), entry(thought="I can't do it"))
    view = pages.list_page(ListFacts(now(), THOUGHT, listed, ALONE))
    assert rows(view) == [
        ("Yesterday 09:00", "In the shop"),
        ("Yesterday 09:00", "I can't do it"),
    ]


def test_what_is_unfinished_is_offered_first_and_what_was_removed_comes_back() -> None:
    facts = ListFacts(now(), THOUGHT, (), ALONE, unfinished="In the shop", removed=True)
    view = pages.list_page(facts)
    assert isinstance(view.blocks[0], Box)
    assert view.blocks[1] == Push("Undo", "undo")
    assert rows(view) == [("Not finished yet", "In the shop")]
    assert view.foot[0].text == "Go on where you were"


@pytest.mark.parametrize(
    ("shared", "words"),
    [
        (True, "Your therapist at Demo clinic can read this. You can change that in the settings."),
        (False, "This stays on this phone. Nobody else reads it."),
    ],
)
def test_who_reads_it_stands_beside_it(shared: bool, words: str) -> None:
    facts = SharingFacts("Demo clinic", shared)
    view = pages.entry_page(entry(situation="x"), THOUGHT, facts, now())
    assert Words(words, soft=True, small=True) in view.blocks


def test_an_entry_shows_what_was_filled_in_and_nothing_else() -> None:
    view = pages.entry_page(entry(situation="In the shop", strength="80"), THOUGHT, ALONE, now())
    (group,) = (block for block in view.blocks if isinstance(block, Group))
    assert [part.text for part in group.blocks if isinstance(part, Words)] == [
        "The situation",
        "In the shop",
        "How strong, 0 to 100",
        "80 of 100",
    ]
    assert view.subtitle == "Written yesterday 09:00"


def test_a_plan_asks_afterwards_how_it_went_until_it_is_said() -> None:
    planned = entry(forms.ACTIVITY_PLAN, activity="A walk", when="After breakfast")
    foot = pages.entry_page(planned, PLAN, ALONE, now()).foot
    assert foot[0] == Push("Say how it went", "afterwards", strong=True)
    done = entry(forms.ACTIVITY_PLAN, activity="A walk", outcome="Well")
    assert pages.entry_page(done, PLAN, ALONE, now()).foot[0].action == "change"


def test_a_medicine_is_touched_or_written() -> None:
    view = step_of(MEDICINE, 1, suggestions=("Paracetamol",), texts={"name": "Paracetamol"})
    (choices,) = (block for block in view.blocks if isinstance(block, Choices))
    assert choices.chosen == {"Paracetamol"}
    assert [block.name for block in view.blocks if isinstance(block, Field)] == ["dose"]
    view = step_of(MEDICINE, 1, suggestions=("Paracetamol",), texts={"name": "Aspir"})
    (choices,) = (block for block in view.blocks if isinstance(block, Choices))
    assert choices.chosen == {""}
    assert [block.text for block in view.blocks if isinstance(block, Field)] == ["Aspir", ""]


def test_a_medicines_hour_is_now_until_another_is_written() -> None:
    texts = pages.begun(MEDICINE, {}, now())
    assert (texts["day"], texts["time"]) == ("today", "18:30")
    assert not pages.says_anything(MEDICINE, texts)
    kept = pages.kept(MEDICINE, texts | {"name": " Paracetamol ", "time": "7:05"}, now())
    assert kept == {"name": "Paracetamol", "taken": str(at("2026-03-02T07:05"))}


def test_a_medicine_that_is_changed_later_stays_on_its_day() -> None:
    taken = {"name": "x", "taken": str(at("2026-02-20T07:05"))}
    texts = pages.begun(MEDICINE, taken, now())
    assert pages.kept(MEDICINE, texts, now()) == taken
    view = step_of(MEDICINE, 2, texts=texts)
    (choices,) = (block for block in view.blocks if isinstance(block, Choices))
    assert choices.choices[0].text == "As it was: Friday 20 February"
    moved = pages.kept(MEDICINE, texts | {"day": "yesterday"}, now())
    assert moved["taken"] == str(at("2026-03-01T07:05"))


@pytest.mark.parametrize("text", ["", "24:00", "7", "12:60", "noon"])
def test_an_hour_that_is_none_is_asked_for_once_more(text: str) -> None:
    assert "18:30" in str(pages.problem_of(MEDICINE.steps[1], {"time": text}))


@pytest.mark.parametrize(
    ("text", "clock", "instant"),
    [
        ("2026-03-29T18:00", "02:30", "2026-03-29T03:30"),
        ("2026-10-25T18:00", "02:30", "2026-10-25T02:30"),
    ],
)
def test_an_hour_that_is_left_out_or_comes_twice(text: str, clock: str, instant: str) -> None:
    taken = pages.taken_ms({"day": "today", "time": clock}, now(text))
    assert taken == at(instant)


def test_the_page_of_all_forms_counts_and_says_what_is_unfinished() -> None:
    facts = HubFacts(
        "Demo clinic", {forms.NOTE: 1, forms.MEDICINE: 3}, frozenset({forms.NOTE}), "Nothing new"
    )
    assert rows(pages.hub_page(facts)) == [
        ("Messages", "Nothing new"),
        ("Thought record", "Nothing here yet"),
        ("Activity plan", "Nothing here yet"),
        ("Medicine log", "3 entries"),
        ("Notes", "One is not finished yet"),
    ]


def test_only_a_time_is_no_entry() -> None:
    assert {each.kind for each in MEDICINE.fields} == {Kind.TEXT, Kind.DAY, Kind.TIME}
