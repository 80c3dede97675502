"""Pages of the staff course: what is to be done, one part, and its answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending
from cloud.language import day
from cloud.people.authority import Act
from cloud.people.service import Person
from cloud.training.course import Answer, Part, course
from cloud.training.service import finish_part, progress_of

router = APIRouter()


@router.get("/training", dependencies=[reading(Act.OWN_TRAINING)])
def training_page(dashboard: Parts, person: Acting) -> Response:
    """The course, and how far the person is."""
    with dashboard.database.read(person.clinic_id) as session:
        progress = progress_of(session, person.clinic_id, person.staff_id)
    done = progress.finished
    return dashboard.page(
        "training.html",
        person,
        progress=progress,
        days={each.part: _day(dashboard, each.done_ms) for each in progress.parts.values()},
        finished=None if done is None else _day(dashboard, done.done_ms),
    )


@router.get("/training/parts/{part}", dependencies=[reading(Act.OWN_TRAINING)])
def part_page(dashboard: Parts, person: Acting, part: str) -> Response:
    """One part: what it says, with sources, and its questions."""
    return _part(dashboard, person, course().part(part), ())


@router.post("/training/parts/{part}", dependencies=[sending(Act.OWN_TRAINING)])
def answer_part(
    dashboard: Parts,
    person: Sending,
    part: str,
    first: Annotated[str, Form()] = "",
    second: Annotated[str, Form()] = "",
) -> Response:
    """Judge the answers, say why, and write the part down once all of them are right."""
    found, now_ms = course().part(part), dashboard.clock.wall_ms()
    chosen = _chosen(found, (first, second))
    if all(each is not None and each.right for each in chosen):
        with dashboard.database.write(person.clinic_id) as session:
            ended = finish_part(session, person.clinic_id, person.staff_id, found, now_ms=now_ms)
            action = "finished the course" if ended else "answered a part of the course"
            dashboard.note(session, person, action, f"training/{found.id}/{found.version}")
    return _part(dashboard, person, found, chosen)


def _chosen(part: Part, typed: tuple[str, ...]) -> tuple[Answer | None, ...]:
    """Return the answer chosen to each question, None where none was."""
    return tuple(
        next((each for at, each in enumerate(question.answers) if text == str(at)), None)
        for question, text in zip(part.questions, typed, strict=False)
    )


def _part(
    dashboard: Dashboard, person: Person, part: Part, chosen: tuple[Answer | None, ...]
) -> Response:
    with dashboard.database.read(person.clinic_id) as session:
        progress = progress_of(session, person.clinic_id, person.staff_id)
    whole = course()
    missing = [at for at, each in enumerate(chosen, start=1) if each is None]
    page = dashboard.page(
        "training_part.html",
        person,
        part=part,
        number=whole.parts.index(part) + 1,
        count=len(whole.parts),
        questions=[
            (name, question, chosen[at] if chosen else None)
            for at, (name, question) in enumerate(
                zip(("first", "second"), part.questions, strict=False)
            )
        ],
        answered=bool(chosen),
        missing=missing,
        right=bool(chosen) and all(each is not None and each.right for each in chosen),
        has=progress.has(part),
        next_part=whole.after(part),
        finished=not progress.open_parts,
    )
    page.status_code = 422 if missing else 200
    return page


def _day(dashboard: Dashboard, at_ms: int) -> str:
    return day(dashboard.times.day(at_ms))
