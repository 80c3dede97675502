"""A clinic whose cohort is large enough to say something, for response and forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import update

from cloud.clinics.models import Clinic
from cloud.people import service as people
from cloud.people.authority import Role
from cloud.settings import Settings
from cloud.worker.heartbeats import beat
from tests.cloud.every_page.addresses import Address
from tests.cloud.response.clinic import with_cohort, with_one_in_between
from tests.cloud.worlds import HandClock, make_world

PATIENTS = 60
"""More than a forecast takes, so that charts stand where a small clinic has "Can't say"."""
NAMES = ("cohort-response", "cohort-forecast", "cohort-export")


@dataclass(frozen=True)
class CohortClinic:
    """The clinic, a cookie for its prescriber, and the pages to draw."""

    settings: Settings
    clock: HandClock
    cookies: Mapping[str, str]
    pages: tuple[Address, ...]


@contextmanager
def cohort_clinic(folder: Path) -> Iterator[CohortClinic]:
    """Make the clinic in a folder that is there."""
    world = make_world(folder)
    with_cohort(world, PATIENTS)
    patient = with_one_in_between(world).hex()
    prescriber = world.member(Role.PRESCRIBER)
    with world.database.write(world.identity.clinic_id) as session:
        session.execute(update(Clinic).values(made_up=True))
        beat(session, world.identity.clinic_id, "worker", now_ms=world.clock.now_ms)
        cookie = people.open_sign_in(session, prescriber, hours=10, now_ms=world.clock.now_ms)
    paths = ("/response", f"/patients/{patient}/forecast", "/response/export")
    yield CohortClinic(
        world.settings,
        world.clock,
        {"prescriber": cookie},
        tuple(Address(name, path, "prescriber") for name, path in zip(NAMES, paths, strict=True)),
    )
    world.database.close()
