"""The course report as a page to print and as a file; each look and each file is written down."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from cloud.dashboard.gates import reading
from cloud.dashboard.parts import Acting, Dashboard, Parts, identifier
from cloud.language import day
from cloud.ledger.effects import cause_words
from cloud.patients import service as patients
from cloud.people.authority import Act
from cloud.people.service import Person
from cloud.proof.views import views_of
from cloud.reports.course import CourseReport, course_report
from cloud.reports.csv_file import csv_of
from cloud.reports.errors import BadPeriod

router = APIRouter()


class CsvFile(Response):
    """Comma-separated values."""

    media_type = "text/csv"


@router.get("/patients/{patient}/report", dependencies=[reading(Act.READ_REPORT)])
def report_page(
    dashboard: Parts, person: Acting, patient: str, first: str = "", last: str = ""
) -> Response:
    """The report of a period; of the whole course where no days are given."""
    dashboard.audit(person, "read a course report", f"patient/{identifier(patient).hex()}")
    try:
        report = _report(dashboard, person, patient, first, last)
    except BadPeriod as problem:
        page = _page(dashboard, person, _report(dashboard, person, patient, "", ""), problem)
        page.status_code = problem.status
        return page
    return _page(dashboard, person, report)


@router.get(
    "/patients/{patient}/report.csv",
    response_class=CsvFile,
    dependencies=[reading(Act.READ_REPORT)],
)
def report_file(
    dashboard: Parts, person: Acting, patient: str, first: str = "", last: str = ""
) -> Response:
    """The same as a file; that it was taken is in the audit log."""
    report = _report(dashboard, person, patient, first, last)
    dashboard.audit(person, "exported a course report", f"patient/{identifier(patient).hex()}")
    made_up = "made-up-" if report.made_up else ""
    name = f"{made_up}course-report-{report.period.first}-{report.period.last}.csv"
    return CsvFile(
        csv_of(report, dashboard.times),
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _report(
    dashboard: Dashboard, person: Person, patient: str, first: str, last: str
) -> CourseReport:
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.patient_of(session, person.clinic_id, identifier(patient))
        return course_report(session, found, first, last, dashboard.times, now_ms=now_ms)


def _page(
    dashboard: Dashboard, person: Person, report: CourseReport, problem: BadPeriod | None = None
) -> Response:
    times, found = dashboard.times, report.patient
    born = found.birth_date
    return dashboard.page(
        "report.html",
        person,
        report=report,
        patient=found,
        patient_id=found.patient_id.hex(),
        age=patients.age_of(found, times.day(report.made_ms)),
        born="" if born is None else day(born),
        today=times.day(report.made_ms).isoformat(),
        made=times.clock(report.made_ms),
        made_on=day(times.day(report.made_ms)),
        clock=lambda wall_ms: f"{times.local(wall_ms):%H:%M} {times.zone(wall_ms)}",
        day=day,
        cause_words=cause_words,
        flaws=views_of(report.flaws, times, report.made_ms),
        problem=problem,
    )
