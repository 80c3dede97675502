"""Makes the whole: identity folder, clinic, staff, and every day; refuses where anybody is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from cloud.clinics.service import create_clinic
from cloud.db import Database
from cloud.demo_data import team
from cloud.demo_data.build import Building, Term, Watcher
from cloud.demo_data.cases import Case
from cloud.demo_data.chance import Chance, ids_drawn_from
from cloud.demo_data.cohort import cohort
from cloud.demo_data.identity import DemoIdentity, write_identity
from cloud.demo_data.people import cases_among, people
from cloud.demo_data.place import Place
from cloud.errors import SetupError
from cloud.root_tool.certifying import MAXIMUM_DAYS, Validity
from cloud.root_tool.errors import RootToolError
from cloud.times import Times

PATIENTS = (1, 1000)
WEEKS = (4, 130)
DAYS_EARLIER = 2
"""Keys count from so many days before the first patient."""


@dataclass(frozen=True)
class Order:
    """What is asked for; ``until`` is the day on which it is looked at.

    Without ``cases`` there are as many as so many patients have.
    """

    patients: int
    weeks: int
    seed: int
    until: date
    cases: tuple[Case, ...] | None = None

    def __post_init__(self) -> None:
        for name, value, (lowest, highest) in (
            ("patients", self.patients, PATIENTS),
            ("weeks", self.weeks, WEEKS),
        ):
            if not lowest <= value <= highest:
                raise SetupError(f"{name}: {value} is not from {lowest} to {highest}")

    @property
    def term(self) -> Term:
        """The days that are lived."""
        return Term(self.until - timedelta(weeks=self.weeks), self.until)


def make(
    database: Database,
    folder: Path,
    order: Order,
    times: Times,
    *,
    told: Callable[[str], None] = lambda _words: None,
    watch: Watcher = lambda _session, _day, _now_ms: None,
) -> Place:
    """Make the clinic in an empty database, and its identity folder; return it.

    The database's vault is to lie where the clinic's processes look for it afterwards.

    Raise SetupError where the database has a clinic already.
    """
    require_empty(database)
    chance, term = Chance(order.seed), order.term
    cases = cases_among(order.patients) if order.cases is None else order.cases
    days = (term.first, term.until)
    everybody = people(order.patients, cases, days, chance.of("people"), cohort())
    start_ms = times.begins(term.first - timedelta(days=1))
    validity = Validity(start_ms // 1000 - DAYS_EARLIER * 86_400, MAXIMUM_DAYS)
    with ids_drawn_from(chance.of("ids")):
        identity = _identity(folder, chance.of("keys"), order.patients, validity)
        place = Place(identity, chance, cohort(), times)
        with database.write(place.clinic_id) as session:
            create_clinic(session, identity.public, now_ms=start_ms, made_up=True)
            team.hire(session, place, now_ms=start_ms)
        Building(database, place, everybody, term, watch).run(told)
    return place


def require_empty(database: Database) -> None:
    """Raise SetupError where the database has a clinic already."""
    if database.all_clinics():
        raise SetupError("this database has a clinic; made-up patients come into an empty one only")


def _identity(folder: Path, chance: Chance, bands: int, validity: Validity) -> DemoIdentity:
    try:
        return write_identity(folder, chance, bands=bands, validity=validity)
    except RootToolError as problem:
        raise SetupError(str(problem)) from problem
