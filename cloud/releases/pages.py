"""The page of firmware releases: how each does ring by ring, halted and let go on by a person.

What is done is what the commands do (`cloud.releases.steps`). Taking an image in, opening a ring
and withdrawing stay with whoever runs the server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from cloud.clinics.service import locked_clinic
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import NotFound, Refused
from cloud.language import mark
from cloud.people.authority import Act
from cloud.people.service import Person
from cloud.releases.models import Release
from cloud.releases.rates import rates_of
from cloud.releases.standing import all_standing
from cloud.releases.steps import halt, resume

PATH = "/clinic/releases"
HALTS = {
    "faults": mark("Bands have faults with it"),
    "patients": mark("Patients told of trouble with it"),
    "maker": mark("Its maker asks for it"),
}
"""Why a person halts a release."""
GOES_ON = {
    "other-cause": mark("The faults had another cause"),
    "maker-cleared": mark("Its maker has cleared it"),
    "by-mistake": mark("It was halted by mistake"),
}
"""Why one goes on."""
router = APIRouter()
Why = Annotated[str, Form()]


@router.get(PATH, dependencies=[reading(Act.READ_CLINIC)])
def releases_page(dashboard: Parts, person: Acting) -> Response:
    """Every release, the newest first."""
    with dashboard.database.read(person.clinic_id) as session:
        found = all_standing(session, person.clinic_id)
    dashboard.audit(person, "read the releases", "releases")
    return dashboard.page(
        "releases.html", person, releases=found, halts=HALTS, goes_on=GOES_ON, path=PATH
    )


@router.post(PATH + "/{release}/halt", dependencies=[sending(Act.KEEP_RELEASES)])
def halt_release(dashboard: Parts, person: Sending, release: str, why: Why = "") -> Response:
    """Offer a release to no band any more, and tell the clinic's people now."""

    def stop(session: Session, found: Release, now_ms: int) -> None:
        if not found.is_offered:
            raise Refused("It is halted or withdrawn.", code="halted")
        halt(session, found, rates_of(session, found), now_ms=now_ms)

    return _step(dashboard, person, release, stop, "halted a release", _reason(HALTS, why))


@router.post(PATH + "/{release}/resume", dependencies=[sending(Act.KEEP_RELEASES)])
def resume_release(dashboard: Parts, person: Sending, release: str, why: Why = "") -> Response:
    """Offer a halted release again."""

    def go_on(session: Session, found: Release, now_ms: int) -> None:
        resume(session, found, now_ms=now_ms)

    return _step(dashboard, person, release, go_on, "resumed a release", _reason(GOES_ON, why))


def _reason(reasons: Mapping[str, str], why: str) -> str:
    if why not in reasons:
        raise Refused("Say why: nothing was changed.", code="why")
    return why


def _step(
    dashboard: Dashboard,
    person: Person,
    release: str,
    work: Callable[[Session, Release, int], None],
    action: str,
    why: str,
) -> Response:
    with dashboard.database.write(person.clinic_id) as session:
        locked_clinic(session, person.clinic_id)
        found = session.get(Release, (person.clinic_id, identifier(release)))
        if found is None:
            raise NotFound("There is no release of that version.")
        work(session, found, dashboard.clock.wall_ms())
        dashboard.note(session, person, action, f"release/{found.version} {why}")
    return RedirectResponse(PATH, status_code=303)
