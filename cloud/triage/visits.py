"""When a member was last on the list, and what came since: who handled how much of it.

A visit goes on while the list is open or opened again within half an hour, so that looking at a
patient and coming back doesn't empty the line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.models import Alert
from cloud.language import _, n_
from cloud.people.models import Member
from cloud.people.service import Person
from cloud.triage.models import ListVisit

VISIT_MS = 30 * 60_000
"""So long after the list was last open another visit begins (own choice)."""


@dataclass(frozen=True)
class Since:
    """What came since ``since_ms``: ``came`` is the sum of what was handled, by each name, of what
    ended or was replaced by a later alert, and of what is open."""

    since_ms: int
    came: int
    handled: tuple[tuple[str, int], ...]
    ended: int
    open: int


def last_here(session: Session, person: Person, *, now_ms: int, opened: bool) -> int | None:
    """Return when the visit before this one ended, None where there was none.

    ``opened`` is whether the page is opened now: a page that refreshes itself is no visit, or one
    left open over the weekend would hide the weekend.
    """
    visit = session.get(ListVisit, (person.clinic_id, person.staff_id))
    if visit is None:
        return None
    return visit.seen_ms if opened and _is_another(visit, now_ms) else visit.since_ms


def note_visit(session: Session, person: Person, *, now_ms: int) -> None:
    """Note that the member opened the list."""
    visit = session.get(ListVisit, (person.clinic_id, person.staff_id))
    if visit is None:
        visit = ListVisit(clinic_id=person.clinic_id, staff_id=person.staff_id, since_ms=None)
        session.add(visit)
    elif _is_another(visit, now_ms):
        visit.since_ms = visit.seen_ms
    visit.seen_ms = now_ms


def _is_another(visit: ListVisit, now_ms: int) -> bool:
    return now_ms - visit.seen_ms > VISIT_MS


def since(session: Session, clinic_id: str, patients: Collection[bytes], since_ms: int) -> Since:
    """Return what came about these patients since then."""
    rows = session.execute(
        select(Alert.patient_id, Alert.closed_ms, Alert.closed_by).where(
            Alert.clinic_id == clinic_id, Alert.raised_ms > since_ms
        )
    )
    among = set(patients)
    found = [(closed_ms, by) for patient, closed_ms, by in rows if patient in among]
    by_member = Counter(by for _closed_ms, by in found if by is not None)
    named = _names(session, clinic_id, by_member)
    handled = sorted(
        ((named.get(by, ""), count) for by, count in by_member.items()),
        key=lambda each: (-each[1], each[0]),
    )
    open_ = sum(closed_ms is None for closed_ms, _by in found)
    ended = len(found) - open_ - sum(by_member.values())
    return Since(since_ms, len(found), tuple(handled), ended, open_)


def _names(session: Session, clinic_id: str, staff: Collection[bytes]) -> dict[bytes, str]:
    if not staff:
        return {}
    found = session.execute(
        select(Member.staff_id, Member.name).where(
            Member.clinic_id == clinic_id, Member.staff_id.in_(staff)
        )
    )
    return {staff_id: name for staff_id, name in found}


def came_in_words(came: Since) -> str:
    """Return how what came was seen to, as the parts of one sum."""
    parts = [
        _("{count} handled by {name}").format(count=count, name=name or _("somebody"))
        for name, count in came.handled
    ]
    if came.ended:
        ended = n_(
            "{count} ended or was replaced by a later one",
            "{count} ended or were replaced by later ones",
            came.ended,
        )
        parts.append(ended.format(count=came.ended))
    if came.open:
        parts.append(n_("{count} is open", "{count} are open", came.open).format(count=came.open))
    return ", ".join(parts)
