"""Names and notes with markup, a formula, turned reading, piled marks and 10,000 letters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.models import Alert
from cloud.care.models import SentMessage
from cloud.caregivers.models import Caregiver
from cloud.clinics.models import Clinic
from cloud.patients.models import Device, Patient
from cloud.people.models import Member
from cloud.proof.models import Flaw
from cloud.teams.models import Site, Team
from shared.care.caregiver import name_context
from shared.trust.sealing import seal
from tests.cloud.every_page.clinic import PageClinic, copy_of

MARKUP = (
    "</title></textarea><script>alert('hostile')</script>"
    "<img src=x onerror=\"alert('hostile')\">\"' onfocus=alert(1) autofocus {{ 7 * 7 }} {% raw %}"
)
FORMULA = '=HYPERLINK("http://hostile.example";"x")'
TURNED = "\u202egnp.eliforp\u2066\u200f"
LONG = "y" * 10_000
ALL = f"{MARKUP} {TURNED} {LONG}"
ARABIC = "\u0645\u0631\u064a\u0645"
"""A name as people have them: Maryam."""
PILED = "Z" + "\u0301\u0323" * 60 + "oe"
"""Marks above and below a letter, as many as a name may have."""
EMOJI = "\U0001f469\u200d\u2695\ufe0f" * 20
"""One sign of four, joined, and again."""
WIDE = "W" * 80
"""The longest word that a form takes."""
KINDS = (ALL, FORMULA, TURNED, ARABIC, LONG, MARKUP, PILED, EMOJI, WIDE)


@contextmanager
def hostile_copy(clinic: PageClinic, folder: Path) -> Iterator[PageClinic]:
    """Copy a clinic, and give everything in it that a person can name a hostile name."""
    with copy_of(clinic, folder) as made:
        with made.database.write(made.made.clinic_id) as session:
            _rename(session, clinic)
        yield made


def _rename(session: Session, clinic: PageClinic) -> None:
    care = clinic.made.place.identity.servers["care"].public_key
    shown = bytes.fromhex(clinic.ids["patient"])
    patients = session.scalars(select(Patient)).all()
    for number, patient in enumerate(sorted(patients, key=lambda each: each.patient_id != shown)):
        patient.name = patient.initials = KINDS[number % len(KINDS)]
    for number, named in enumerate(
        [
            *session.scalars(select(Site)),
            *session.scalars(select(Team)),
            *session.scalars(select(Member)),
        ]
    ):
        named.name = KINDS[number % len(KINDS)]
    for alert in session.scalars(select(Alert)):
        alert.title, alert.detail = ALL, ALL
    for flaw in session.scalars(select(Flaw)):
        flaw.detail, flaw.reason = ALL, ALL
    for message in session.scalars(select(SentMessage)):
        message.text = ALL
    for device in session.scalars(select(Device)):
        device.serial = ALL
    for clinic_row in session.scalars(select(Clinic)):
        clinic_row.name = ALL
    for each in session.scalars(select(Caregiver)):
        each.name = seal(ALL.encode(), to=care, context=name_context(each.patient_id))
