"""What staff read on a patient's page of what the patient shares: who sees what, in a line."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.caregivers.service import name_of, open_of, shown_of
from cloud.caregivers.words import words as words_of_page
from cloud.language import _
from cloud.patients.models import Patient
from cloud.times import Times
from shared.care.caregiver import Shown
from shared.trust.keys import SoftwareKey


def sharing_of(
    session: Session, patient: Patient, key: SoftwareKey, times: Times, *, now_ms: int
) -> str:
    """Return the line; empty where nothing is shared."""
    found = next(iter(open_of(session, patient.clinic_id, patient.patient_id)), None)
    if found is None:
        return ""
    shown = shown_of(found)
    words = words_of_page()
    seen = words.listed(tuple(words.as_object[each] for each in Shown if each in shown))
    who = name_of(found, key) or _("Somebody close")
    since = _("invited, not in yet")
    if found.joined_ms is not None:
        since = _("in since {when}").format(when=times.said(found.joined_ms, now_ms))
    return _("{who} ({since}) may see {seen}, by the patient's consent.").format(
        who=who, since=since, seen=seen or _("nothing just now")
    )
