"""`circlet-cloud export-fhir` and `check-fhir`: a clinic as a file, and what such a file holds."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import select

from cloud.audit.console import note
from cloud.clinics.choosing import chosen
from cloud.clinics.service import what_it_is
from cloud.clock import open_clock
from cloud.db import Database
from cloud.errors import CloudError, SetupError
from cloud.fhir.chart import Chart
from cloud.fhir.file import charts_of, line_of
from cloud.fhir.gathering.gatherer import Gatherer
from cloud.keys import load_key
from cloud.patients.models import Patient
from cloud.settings import Settings
from cloud.vault.opening import command_vault
from shared.trust.keys import SoftwareKey

Run = Callable[[Settings, argparse.Namespace], None]
Adder = Callable[[str, str, Run], argparse.ArgumentParser]


def add_to(add: Adder) -> None:
    """Add the commands; ``add`` makes one from its name, its help and what it runs."""
    command = add("export-fhir", "write every patient as a FHIR R4 bundle, one a line", _export)
    command.add_argument("--clinic", help="the clinic's id, where there is more than one")
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    command = add("check-fhir", "say whether a file of export-fhir holds, line by line", _check)
    command.add_argument("--file", type=Path, required=True, help="the file")


def _export(settings: Settings, options: argparse.Namespace) -> None:
    """Write the file, read it back and compare: what isn't equal is an error."""
    now_ms = open_clock(settings.clock).wall_ms()
    care = load_key(settings.key_file("care"))
    database = Database(settings.url, command_vault(settings))
    clinic_id = chosen(database, options.clinic)
    patients = _patients(database, clinic_id)
    with database.write(clinic_id) as session:
        note(
            session,
            clinic_id,
            options.command,
            "exported FHIR bundles",
            "patients",
            now_ms=now_ms,
            patients=patients,
        )
    try:
        with options.out.open("xb") as file:
            for chart in _charts(database, clinic_id, patients, care):
                file.write(line_of(chart, now_ms=now_ms))
    except OSError as problem:
        raise CloudError(f"{options.out}: {problem.strerror}") from problem
    written = _charts(database, clinic_id, patients, care)
    resources = _compared(written, charts_of(options.out))
    with database.read(clinic_id) as session:
        about = what_it_is(session, clinic_id)
    database.close()
    print(f"{options.out}: {len(patients)} patients, {resources} resources, read back equal{about}")


def _check(_settings: Settings, options: argparse.Namespace) -> None:
    patients = resources = 0
    for chart in charts_of(options.file):
        patients += 1
        resources += sum(1 for _ in chart.records())
    print(f"{options.file}: {patients} patients, {resources} resources, each as it has to be")


def _patients(database: Database, clinic_id: str) -> tuple[bytes, ...]:
    with database.read(clinic_id) as session:
        return tuple(
            session.scalars(
                select(Patient.patient_id)
                .where(Patient.clinic_id == clinic_id, Patient.erased_ms.is_(None))
                .order_by(Patient.patient_id)
            )
        )


def _charts(
    database: Database, clinic_id: str, patients: tuple[bytes, ...], care: SoftwareKey
) -> Iterator[Chart]:
    """Yield each patient's chart, in a transaction of its own."""
    for patient_id in patients:
        with database.read(clinic_id) as session:
            patient = session.get_one(Patient, (clinic_id, patient_id))
            yield Gatherer(session, patient, care).chart()


def _compared(written: Iterator[Chart], read: Iterator[Chart]) -> int:
    """Return how many records are the same on both sides; raise SetupError at the first that is
    not: somebody wrote to the database or the file meanwhile, or the mapping loses something."""
    count = 0
    for one, other in zip(written, read, strict=True):
        if one != other:
            raise SetupError(f"patient {one.source.patient}: what was read back is not the same")
        count += sum(1 for _ in one.records())
    return count
