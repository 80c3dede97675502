"""The enrolment letter: the one-time code as link and letters, and an emergency card to cut out.

The link is the one that the app takes from the phone's own camera (docs/app.md); the card says what
the app's own says, with the numbers of the clinic's newest card.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import segno
from sqlalchemy.orm import Session

from cloud.care.cards import newest
from cloud.clinics.service import clinic_of
from cloud.language import day
from cloud.patients import service
from cloud.patients.models import Patient
from cloud.phones.enrolment import CODE_MS
from cloud.times import Times


@dataclass(frozen=True)
class Letter:
    """What stands on the letter. A number that the clinic hasn't published yet is None."""

    patient: Patient
    clinic_name: str
    code: str
    link: str
    qr: str
    valid_until: str
    day_number: str | None
    on_call_number: str | None
    emergency_number: str | None


def letter(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    code: str,
    *,
    phones_host: str,
    times: Times,
    now_ms: int,
) -> Letter:
    """Return the letter for a code that was made just now."""
    link = f"circlet:enrol?clinic={quote(phones_host, safe='')}&code={quote(code, safe='')}"
    card = newest(session, clinic_id)
    return Letter(
        patient=service.patient_of(session, clinic_id, patient_id),
        clinic_name=clinic_of(session, clinic_id).name if card is None else card.clinic_name,
        code=code,
        link=link,
        qr=_drawn(link),
        valid_until=day(times.day(now_ms + CODE_MS)),
        day_number=None if card is None else card.day_number,
        on_call_number=None if card is None else card.on_call_number or None,
        emergency_number=None if card is None else card.emergency_number,
    )


def _drawn(link: str) -> str:
    drawn = segno.make(link, error="m", micro=False)
    return str(drawn.svg_inline(scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None))
