"""Choices of the list that a member keeps by name. A search is never kept: it would be a name."""

from __future__ import annotations

import secrets

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cloud.errors import NotFound, Refused
from cloud.people.service import Person
from cloud.triage.choosing import Choice
from cloud.triage.models import SavedView

NAME_MAX = 40
KEPT_MAX = 12
"""As many as stand in one line of the page (own choice)."""


def keep(session: Session, person: Person, name: str, choice: Choice) -> SavedView:
    """Keep a choice under a name; one of the same name is replaced."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_MAX:
        raise Refused("A name has 1 to {most} characters.", code="name", most=NAME_MAX)
    same = session.scalar(_of(person).where(SavedView.name == name))
    if same is not None:
        same.shown, same.whose = choice.shown, choice.whose
        return same
    count = session.scalar(select(func.count()).select_from(_of(person).subquery())) or 0
    if count >= KEPT_MAX:
        raise Refused(
            "You keep {most} views already. Remove one first.", code="views", most=KEPT_MAX
        )
    view = SavedView(
        clinic_id=person.clinic_id,
        view_id=secrets.token_bytes(16),
        staff_id=person.staff_id,
        name=name,
        shown=choice.shown,
        whose=choice.whose,
    )
    session.add(view)
    session.flush()
    return view


def remove(session: Session, person: Person, view_id: bytes) -> None:
    """Remove one of the member's own views; raise NotFound for any other."""
    view = session.get(SavedView, (person.clinic_id, view_id))
    if view is None or view.staff_id != person.staff_id:
        raise NotFound("There is no such view.")
    session.delete(view)


def views_of(session: Session, person: Person) -> tuple[tuple[SavedView, Choice], ...]:
    """Return the member's views by name, each with its choice."""
    found = session.scalars(_of(person).order_by(SavedView.name))
    return tuple((each, Choice(each.shown, each.whose)) for each in found)


def _of(person: Person) -> Select[SavedView]:
    return select(SavedView).where(
        SavedView.clinic_id == person.clinic_id, SavedView.staff_id == person.staff_id
    )
