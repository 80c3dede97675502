"""The staff course: answered part by part, recorded with its version, asked for before signing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.errors import NotAllowed
from cloud.people import service as people
from cloud.people.authority import Role
from cloud.prescriptions import draft_form, drafts
from cloud.prescriptions.handing import desk_link
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import ToSign
from cloud.training.course import CHECKED, Change, Course, Part, course, read_course
from cloud.training.models import CourseDone, PartDone
from cloud.training.service import (
    finish_all,
    finish_part,
    finished_by,
    progress_of,
    require_course,
)
from shared.stimulation.catalogue import catalogue
from tests.cloud.authority.people import Visitor, signed_in
from tests.cloud.worlds import World


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


@pytest.fixture
def newcomer(world: World, pages: TestClient) -> Visitor:
    """A prescriber who has not done the course, signed in."""
    with world.database.write("demo") as session:
        member = people.add_member(
            session, "demo", "New", Role.PRESCRIBER, now_ms=world.clock.now_ms
        )
    who = signed_in(world, member)
    pages.cookies.set("circlet", who.cookie)
    return who


def answers(part: Part, *, right: bool = True) -> dict[str, str]:
    """The form of a part with every answer right, or every one wrong."""
    return {
        name: str(next(at for at, each in enumerate(question.answers) if each.right is right))
        for name, question in zip(("first", "second"), part.questions, strict=False)
    }


def count(world: World, table: type[PartDone | CourseDone | StoredPrescription]) -> int:
    with world.database.read("demo") as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_course_has_seven_parts_each_with_sources_and_explained_questions() -> None:
    whole = course()
    assert [each.id for each in whole.parts] == [
        *("mechanism", "types", "protocols", "screening", "side-effects", "seizure", "home"),
    ]
    for part in whole.parts:
        assert 1 <= len(part.questions) <= 2
        assert all(fact.source and fact.checked in CHECKED for fact in part.facts)
        for question in part.questions:
            assert all(answer.why for answer in question.answers)


def test_a_course_with_two_right_answers_or_an_unknown_standing_is_no_course() -> None:
    text = """
version = 1
[[changes]]
version = 1
text = "First."
[[parts]]
id = "a"
version = 1
title = "A"
[[parts.facts]]
text = "F"
source = "S"
checked = "own"
[[parts.questions]]
prompt = "Q"
answers = [{text = "x", why = "w", right = true}, {text = "y", why = "w"}]
"""
    assert read_course(text).part("a").title == "A"
    for old, new in (('"own"', '"hearsay"'), ('text = "y"', 'right = true, text = "y"')):
        with pytest.raises(ValueError, match=r"checked|questions"):
            read_course(text.replace(old, new))
    with pytest.raises(ValueError, match="version"):
        read_course(text.replace("version = 1", "version = 2", 1))


def test_wrong_or_missing_answers_are_explained_and_not_recorded(
    world: World, pages: TestClient, newcomer: Visitor
) -> None:
    part = course().part("screening")
    path, token = f"/training/parts/{part.id}", {"form_token": newcomer.form_token}
    assert pages.post(path, data=token).status_code == 422
    answer = pages.post(path, data={**token, **answers(part, right=False)})
    assert answer.status_code == 200
    assert "Not every answer is right" in answer.text
    wrong = next(each for each in part.questions[0].answers if not each.right)
    assert wrong.why in answer.text
    assert count(world, PartDone) == 0
    assert pages.post("/training/parts/none", data=token).status_code == 404


def test_course_is_finished_with_its_last_part_and_stands_on_record(
    world: World, pages: TestClient, newcomer: Visitor
) -> None:
    for part in course().parts:
        assert count(world, CourseDone) == 0
        data = {"form_token": newcomer.form_token, **answers(part)}
        assert "This part is done" in pages.post(f"/training/parts/{part.id}", data=data).text
    assert "You have done the course." in pages.get("/training").text
    with world.database.read("demo") as session:
        done = session.scalars(select(CourseDone)).one()
        assert (done.version, done.done_ms) == (course().version, world.clock.now_ms)
        assert finished_by(session, "demo") == {done.staff_id: done}


def test_nothing_is_handed_to_the_desk_before_the_course_is_done(
    world: World, pages: TestClient, newcomer: Visitor
) -> None:
    patient, _ = world.enrol()
    path = f"/patients/{patient.patient_id.hex()}/prescriptions"
    draft = drafts.from_entry(catalogue().entry("mdd-l-dlpfc-itbs"))
    form = {
        name: str(getattr(draft, name)) for name in draft_form.FORM_FIELDS if hasattr(draft, name)
    }
    form |= {"threshold_percent": "50", "threshold_measured_on": "2026-03-02"}
    form |= {"form_token": newcomer.form_token, "patient_id": patient.patient_id.hex()}
    refused = pages.post(path, data=form)
    assert refused.status_code == 403
    assert 'href="/training"' in refused.text
    assert count(world, StoredPrescription) == 0
    with world.database.write("demo") as session:
        staff_id = people.signed_in(
            session, newcomer.cookie, idle_minutes=60, now_ms=world.clock.now_ms
        ).staff_id
        finish_all(session, "demo", staff_id, now_ms=world.clock.now_ms)
    assert pages.post(path, data=form).status_code == 200
    assert count(world, StoredPrescription) == 1


def test_every_way_to_the_desk_asks_for_the_course(
    world: World, pages: TestClient, newcomer: Visitor
) -> None:
    with world.database.write("demo") as session:
        person = people.signed_in(
            session, newcomer.cookie, idle_minutes=60, now_ms=world.clock.now_ms
        )
        statement = ToSign("lift", b"bytes")
        with pytest.raises(NotAllowed, match="staff course"):
            desk_link(session, world.settings, person, [statement])
        finish_all(session, "demo", person.staff_id, now_ms=world.clock.now_ms)
        assert "#request=" in desk_link(session, world.settings, person, [statement])


def test_a_newer_version_says_what_changed_and_asks_for_its_changed_parts_alone(
    world: World,
) -> None:
    member, now_ms = world.member(), world.clock.now_ms
    first = course()
    changed = replace(first.part("seizure"), version=2)
    parts = tuple(changed if each.id == changed.id else each for each in first.parts)
    newer = Course(2, parts, (*first.changes, Change(2, "First aid says more.")))
    with world.database.write("demo") as session:
        progress = progress_of(session, "demo", member.staff_id, newer)
        assert [each.text for each in progress.changes] == ["First aid says more."]
        assert [each.id for each in progress.open_parts] == ["seizure"]
        require_course(session, "demo", member.staff_id)
        assert finish_part(session, "demo", member.staff_id, changed, now_ms=now_ms, of=newer)
        progress = progress_of(session, "demo", member.staff_id, newer)
        assert (progress.open_parts, progress.changes) == ((), ())
        assert progress.finished is not None
        assert progress.finished.version == 2
    with world.database.write("demo") as session, pytest.raises(NotAllowed):
        require_course(session, "demo", bytes(16))
