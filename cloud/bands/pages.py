"""The page of the clinic's bands: the inventory, what comes into it, and what goes out of use."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import RedirectResponse, Response

from cloud.bands.csv_file import csv_of
from cloud.bands.delivery import FILE_BYTES_MAX, read_delivery, take_in
from cloud.bands.groups import grouped
from cloud.bands.retiring import REASONS, retire_by_hand
from cloud.bands.rows import ASIDE, FINE, FREE, RETIRED, Bands, Row
from cloud.clinics.service import clinic_of
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import NotFound
from cloud.patients.models import Device
from cloud.patients.service import all_patients
from cloud.people.authority import Act
from cloud.people.reach import within_reach
from cloud.people.service import Person
from cloud.reports.pages import CsvFile

LETTERS_MAX = 64
QUIET = (FINE, FREE, ASIDE, RETIRED)
router = APIRouter()


@router.get("/clinic/devices", dependencies=[reading(Act.READ_CLINIC)])
def devices_page(dashboard: Parts, person: Acting, q: str = "") -> Response:
    """Every band, what is wrong first; patients by name for whoever may open their pages."""
    rows, searched = _rows(dashboard, person), " ".join(q.split())[:LETTERS_MAX]
    found = [each for each in rows if each.says(searched)] if searched else list(rows)
    shown = [each.patient.patient_id for each in found if each.patient is not None]
    dashboard.audit(person, "read the bands", "bands", shown)
    return dashboard.page(
        "devices.html",
        person,
        bands=grouped(found),
        count=len(rows),
        searched=searched,
        reasons=REASONS,
        wrong=sum(each.urgency not in QUIET for each in rows),
        free=sum(each.urgency == FREE for each in rows),
    )


@router.get("/clinic/devices.csv", response_class=CsvFile, dependencies=[reading(Act.READ_CLINIC)])
def devices_file(dashboard: Parts, person: Acting) -> Response:
    """The inventory as a file, without names."""
    rows = _rows(dashboard, person)
    dashboard.audit(person, "exported the bands", "bands")
    return CsvFile(
        csv_of(rows), headers={"Content-Disposition": 'attachment; filename="bands.csv"'}
    )


@router.post("/clinic/devices", dependencies=[sending(Act.KEEP_BANDS)])
def add_band(
    dashboard: Parts, person: Sending, delivery: Annotated[UploadFile, File()]
) -> Response:
    """Take a band in by the file that its maker delivered with it."""
    data = delivery.file.read(FILE_BYTES_MAX)
    with dashboard.database.write(person.clinic_id) as session:
        clinic = clinic_of(session, person.clinic_id)
        now_ms = dashboard.clock.wall_ms()
        device = take_in(session, clinic, read_delivery(data), now_ms=now_ms)
        dashboard.note(session, person, "took a band in", f"device/{device.device_id.hex()}")
    return RedirectResponse("/clinic/devices", status_code=303)


@router.post("/clinic/devices/{device}/retire", dependencies=[sending(Act.KEEP_BANDS)])
def retire_band(
    dashboard: Parts, person: Sending, device: str, why: Annotated[str, Form()] = ""
) -> Response:
    """Take a band out of use for good."""
    with dashboard.database.write(person.clinic_id) as session:
        found = session.get(Device, (person.clinic_id, identifier(device)))
        if found is None:
            raise NotFound("There is no such band in your clinic.")
        retire_by_hand(session, found, why, now_ms=dashboard.clock.wall_ms())
        subject = f"device/{found.device_id.hex()}"
        dashboard.note(session, person, "took a band out of use", subject)
    return RedirectResponse("/clinic/devices", status_code=303)


def _rows(dashboard: Dashboard, person: Person) -> tuple[Row, ...]:
    now_ms, clinic_id = dashboard.clock.wall_ms(), person.clinic_id
    with dashboard.database.read(clinic_id) as session:
        everybody = all_patients(session, clinic_id)
        known = within_reach(session, person, everybody, Act.READ_PATIENT, now_ms=now_ms)
        return Bands(session, clinic_id, known, dashboard.times, now_ms).rows()
