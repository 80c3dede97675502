"""Pages of response and forecast. Nothing here changes a treatment.

The cohort is of the whole clinic, in groups of five at least; one patient's forecast is for who
reaches that patient. What takes seconds is asked for by the page once it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from cloud.clinics.service import is_made_up
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, Watching, identifier
from cloud.errors import CloudError
from cloud.patients import service as patients
from cloud.patients.models import Patient
from cloud.people.authority import Act
from cloud.people.service import Person
from cloud.response import charts, words
from cloud.response.asking import NotWorkedOut
from cloud.response.cohort import Cohort, forecast_cohort, response_cohort
from cloud.response.course import LeftOut, SixWeeks, six_weeks
from cloud.response.export import Export, archive_of, export_of, name_of
from cloud.response.facts import Facts
from cloud.response.fitted import SHOWN
from cloud.response.forecast import CannotSay, Forecast, fitted, forecast_of
from cloud.response.reading import facts_of_all, facts_of_one
from cloud.response.relation import MIN_PATIENTS, relation
from cloud.response.rows import COLUMNS

router = APIRouter()


class Archive(Response):
    """An archive of files."""

    media_type = "application/zip"


@dataclass(frozen=True)
class _Clinic:
    """Everybody's facts, and the day on which they were read."""

    facts: dict[bytes, Facts]
    today: int
    made_up: bool

    @property
    def judged(self) -> Cohort[SixWeeks]:
        return response_cohort(self.facts.values(), today=self.today)


@router.get("/response", dependencies=[reading(Act.READ_RESPONSE)])
def response_page(dashboard: Parts, person: Acting) -> Response:
    """Adherence against response, at once; the forecast's model follows."""
    dashboard.audit(person, "read the response", "response")
    cohort = _clinic(dashboard, person).judged
    found = relation([each.found for each in cohort.members])
    groups = found.groups if found else ()
    return dashboard.page(
        "response.html",
        person,
        cohort=cohort,
        relation=found,
        least=MIN_PATIENTS,
        finding=words.finding(found) if found else "",
        rows=list(zip(groups, charts.whiskers([each.share for each in groups]), strict=True)),
        height=charts.ROW_HEIGHT * len(groups),
        words=words,
    )


@router.get("/response/model", dependencies=[reading(Act.READ_RESPONSE)])
def model_part(dashboard: Parts, person: Watching) -> Response:
    """The forecast's model, for the page above."""
    dashboard.audit(person, "read the response", "response/model")
    cohort = forecast_cohort(_clinic(dashboard, person).facts.values())
    problem, model = "", None
    try:
        found = fitted(cohort)
    except NotWorkedOut as failure:
        problem = failure.said()
    else:
        problem = found.why if isinstance(found, CannotSay) else ""
        model = None if isinstance(found, CannotSay) else found
    return dashboard.page(
        "_model.html",
        person,
        cohort=cohort,
        model=model,
        problem=problem,
        drivers=words.driver_lines(model) if model else (),
        words=words,
    )


@router.get("/patients/{patient}/forecast", dependencies=[reading(Act.READ_FORECAST)])
def forecast_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """One patient's forecast, or why there is none; the page's frame, before it is worked out."""
    found, age = _patient(dashboard, person, patient)
    dashboard.audit(person, "read a forecast", f"patient/{found.patient_id.hex()}")
    return dashboard.page(
        "forecast.html", person, patient=found, patient_id=found.patient_id.hex(), age=age
    )


@router.get("/patients/{patient}/forecast/score", dependencies=[reading(Act.READ_FORECAST)])
def forecast_part(dashboard: Parts, person: Watching, patient: str) -> Response:
    """The forecast itself, for the page above."""
    found, _age = _patient(dashboard, person, patient)
    dashboard.audit(person, "read a forecast", f"patient/{found.patient_id.hex()}")
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        facts = facts_of_one(session, found, dashboard.times, now_ms=now_ms)
    cohort = forecast_cohort(_clinic(dashboard, person).facts.values())
    try:
        said = forecast_of(facts, cohort)
    except NotWorkedOut as failure:
        said = CannotSay(failure.said())
    forecast = said if isinstance(said, Forecast) else None
    return dashboard.page(
        "_forecast.html",
        person,
        patient_id=found.patient_id.hex(),
        forecast=forecast,
        why=said.why if isinstance(said, CannotSay) else "",
        chart=charts.trajectory(forecast) if forecast else None,
        words=words,
        level=SHOWN,
    )


@router.get("/response/export", dependencies=[reading(Act.EXPORT_COHORT)])
def export_page(dashboard: Parts, person: Acting) -> Response:
    """What the export would hold: its columns, its k, what was made coarser or left out."""
    dashboard.audit(person, "read the response", "response/export")
    try:
        export, problem = _export(_clinic(dashboard, person)), ""
    except CloudError as failure:
        export, problem = None, failure.said()
    return dashboard.page(
        "response_export.html", person, export=export, problem=problem, columns=COLUMNS
    )


@router.post("/response/export", response_class=Archive, dependencies=[sending(Act.EXPORT_COHORT)])
def export_file(dashboard: Parts, person: Sending) -> Response:
    """The de-identified file; that it was taken, and of whom, is in the audit log."""
    clinic = _clinic(dashboard, person)
    archive = archive_of(_export(clinic))
    dashboard.audit(person, "exported the cohort", name_of(archive), _counted(clinic))
    made_up = "made-up-" if clinic.made_up else ""
    name = f"{made_up}circlet-cohort.zip"
    return Archive(archive, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _clinic(dashboard: Dashboard, person: Person) -> _Clinic:
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        return _Clinic(
            facts_of_all(session, person.clinic_id, dashboard.times, now_ms=now_ms),
            dashboard.times.day(now_ms).toordinal(),
            is_made_up(session, person.clinic_id),
        )


def _export(clinic: _Clinic) -> Export:
    return export_of(clinic.judged, made_up=clinic.made_up)


def _counted(clinic: _Clinic) -> list[bytes]:
    """Whose figures an export holds, or left out as too rare."""
    return [
        patient_id
        for patient_id, facts in clinic.facts.items()
        if not isinstance(six_weeks(facts, today=clinic.today), LeftOut)
    ]


def _patient(dashboard: Dashboard, person: Person, patient: str) -> tuple[Patient, int | None]:
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.patient_of(session, person.clinic_id, identifier(patient))
        return found, patients.age_of(found, dashboard.times.day(now_ms))
