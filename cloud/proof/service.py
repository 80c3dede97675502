"""Opening flaws, ending them, and listing those that stand.

A flaw of an incident opens with an event in the audit chain, so that a row taken out of the
database by force is missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from cloud.alerts.service import Cause, newest_of, raise_alert
from cloud.audit.service import record
from cloud.errors import NotFound, Refused
from cloud.patients.models import Device
from cloud.proof.kinds import ABOUT, Kind
from cloud.proof.models import Flaw
from shared.trust.statements import ID_BYTES

BY_RECORD = "record"
"""Who ended a flaw that the record's own bytes ended; also who opened an incident."""
REASON_MAX = 400


class OfDevice(Protocol):
    """A device's record of one epoch, and whose device it is."""

    @property
    def clinic_id(self) -> str: ...

    @property
    def device_id(self) -> bytes: ...

    @property
    def epoch(self) -> bytes: ...

    @property
    def patient_id(self) -> bytes: ...


class Foreign:
    """What came in the name of a device and isn't of its record: no epoch of that counts."""

    def __init__(self, device: Device, patient_id: bytes) -> None:
        self.clinic_id, self.device_id = device.clinic_id, device.device_id
        self.epoch, self.patient_id = bytes(ID_BYTES), patient_id


@dataclass(frozen=True)
class Seen:
    """What was seen, from record to record, with what the clinic has and what came instead; which
    phone brought it, and what the band signed of it (`Flaw`)."""

    kind: Kind
    first: int
    last: int
    detail: str
    ours: bytes | None = None
    theirs: bytes | None = None
    phone_id: bytes | None = None
    evidence: bytes | None = None


def find(session: Session, about: OfDevice, seen: Seen, *, now_ms: int) -> Flaw:
    """Open a flaw, with its alert; widen the one of this kind, and this phone, that stands already.

    An incident that grows after its alert was acknowledged raises it anew. One whose alert is open
    leaves it as it is, so that its ladder doesn't begin again.
    """
    standing = _standing(session, about, seen.kind, seen.phone_id)
    if standing is not None:
        _widen(session, standing, seen, now_ms=now_ms)
        return standing
    found = Flaw(
        clinic_id=about.clinic_id,
        device_id=about.device_id,
        epoch=about.epoch,
        kind=seen.kind.value,
        number=_newest(session, about, seen.kind) + 1,
        patient_id=about.patient_id,
        first=seen.first,
        last=seen.last,
        ours=seen.ours,
        theirs=seen.theirs,
        phone_id=seen.phone_id,
        evidence=seen.evidence,
        detail=seen.detail,
        found_ms=now_ms,
        ended_ms=None,
        ended_by=None,
        reason=None,
    )
    session.add(found)
    session.flush()
    kind = ABOUT[seen.kind]
    raise_alert(session, about, _cause(found, _extent(found)), seen.detail, now_ms=now_ms)
    if kind.incident:
        action = f"incident: {found.kind}"
        subject = subject_of(found)
        record(
            session,
            found.clinic_id,
            actor=BY_RECORD,
            action=action,
            subject=subject,
            now_ms=now_ms,
            patients=[found.patient_id] if found.patient_id else (),
        )
    return found


def note_gap(
    session: Session, about: OfDevice, verified_to: int, head_number: int, *, now_ms: int
) -> None:
    """Open, move or end the record's gap: what the device signed and the clinic lacks."""
    if head_number <= verified_to:
        mend(session, about, Kind.GAP, verified_to, now_ms=now_ms)
        return
    detail = f"The band says {head_number} records, the clinic has {verified_to} verified."
    seen = Seen(Kind.GAP, verified_to + 1, head_number, detail)
    standing = find(session, about, seen, now_ms=now_ms)
    standing.first, standing.detail = seen.first, detail


def mend(session: Session, about: OfDevice, kind: Kind, verified_to: int, *, now_ms: int) -> None:
    """End what the record's own bytes made good, once it's verified to the flaw's end."""
    standing = _standing(session, about, kind)
    if standing is None or verified_to < standing.last:
        return
    standing.ended_ms, standing.ended_by = now_ms, BY_RECORD
    _end_alert(session, standing, now_ms=now_ms)


def stands_to(session: Session, about: OfDevice, kind: Kind) -> int:
    """Return the last record of the flaw of a kind that stands; 0 where none does."""
    standing = _standing(session, about, kind)
    return 0 if standing is None else standing.last


def clear(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    name: str,
    reason: str,
    *,
    actor: str,
    now_ms: int,
) -> Flaw:
    """End a flaw by a person, for a reason; the row stays."""
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= REASON_MAX:
        raise Refused("A reason has 1 to {most} characters.", code="reason", most=REASON_MAX)
    all_ = of_patient(session, clinic_id, patient_id)
    found = next((each for each in all_ if name_of(each) == name), None)
    if found is None:
        raise NotFound("There is no such flaw about this patient's band.")
    if found.ended_ms is not None:
        raise Refused("This was cleared already.", code="cleared")
    found.ended_ms, found.ended_by, found.reason = now_ms, actor, reason
    _end_alert(session, found, now_ms=now_ms)
    return found


def of_patient(session: Session, clinic_id: str, patient_id: bytes) -> tuple[Flaw, ...]:
    """Return all flaws about the patient's bands, the newest first."""
    return tuple(session.scalars(_of_clinic(clinic_id).where(Flaw.patient_id == patient_id)))


def of_clinic(session: Session, clinic_id: str) -> tuple[Flaw, ...]:
    """Return all flaws that the clinic has found, the newest first."""
    return tuple(session.scalars(_of_clinic(clinic_id)))


def evidence(session: Session, about: OfDevice) -> tuple[bytes, ...]:
    """Return what the band signed beside the record that the clinic has of it, the oldest first."""
    of_band = (
        Flaw.clinic_id == about.clinic_id,
        Flaw.device_id == about.device_id,
        Flaw.epoch == about.epoch,
    )
    found = session.scalars(select(Flaw).where(*of_band).order_by(Flaw.found_ms, Flaw.number))
    return tuple(each.evidence for each in found if each.evidence is not None)


def title_of(flaw: Flaw) -> str:
    """Return a flaw's title, with from where to where."""
    title = ABOUT[Kind(flaw.kind)].title
    if flaw.first == flaw.last:
        return f"{title}, at record {flaw.first}"
    return f"{title}, from record {flaw.first} to {flaw.last}"


def urgency_of(flaw: Flaw) -> str:
    """Return a flaw's urgency."""
    return ABOUT[Kind(flaw.kind)].urgency


def is_incident(flaw: Flaw) -> bool:
    """Return whether a flaw is an incident, to be kept and told for ever."""
    return ABOUT[Kind(flaw.kind)].incident


def stops_receipts(flaw: Flaw) -> bool:
    """Return whether the band gets no receipt while this flaw stands (R28)."""
    return ABOUT[Kind(flaw.kind)].stops_receipts


def name_of(flaw: Flaw) -> str:
    """Return the flaw's name within its patient: device, epoch, kind, number."""
    return f"{flaw.device_id.hex()}/{flaw.epoch.hex()}/{flaw.kind}/{flaw.number}"


def subject_of(flaw: Flaw) -> str:
    """Return what the audit log calls a flaw: ids and numbers only."""
    return f"flaw/{name_of(flaw)}"


def _widen(session: Session, flaw: Flaw, seen: Seen, *, now_ms: int) -> None:
    flaw.evidence = flaw.evidence or seen.evidence
    if flaw.first <= seen.first and seen.last <= flaw.last:
        return
    flaw.first, flaw.last = min(flaw.first, seen.first), max(flaw.last, seen.last)
    _tell_growth(session, flaw, seen, now_ms=now_ms)


def _tell_growth(session: Session, flaw: Flaw, seen: Seen, *, now_ms: int) -> None:
    if not is_incident(flaw):
        return
    cause = _cause(flaw, _extent(flaw))
    alert = newest_of(session, flaw, cause.key)
    if alert is None or alert.closed_ms is not None:
        raise_alert(session, flaw, cause, seen.detail, now_ms=now_ms)


def _extent(flaw: Flaw) -> int:
    """Over how many records a flaw stretches."""
    return flaw.last - flaw.first + 1


def _end_alert(session: Session, flaw: Flaw, *, now_ms: int) -> None:
    raise_alert(session, flaw, _cause(flaw, 0), "", now_ms=now_ms, ends_by_itself=True)


def _cause(flaw: Flaw, value: int) -> Cause:
    """The alert's cause; its extent while the flaw stands, and 0 once it is over."""
    key = f"{flaw.kind}/{flaw.device_id.hex()}/{flaw.epoch.hex()}/{flaw.number}"
    return Cause(key, urgency_of(flaw), title_of(flaw), value)


def _standing(
    session: Session, about: OfDevice, kind: Kind, phone_id: bytes | None = None
) -> Flaw | None:
    open_, same_phone = Flaw.ended_ms.is_(None), Flaw.phone_id.is_not_distinct_from(phone_id)
    return session.scalar(select(Flaw).where(*_of_kind(about, kind), open_, same_phone))


def _newest(session: Session, about: OfDevice, kind: Kind) -> int:
    return session.scalar(select(func.max(Flaw.number)).where(*_of_kind(about, kind))) or 0


def _of_clinic(clinic_id: str) -> Select[Flaw]:
    return (
        select(Flaw)
        .where(Flaw.clinic_id == clinic_id)
        .order_by(Flaw.found_ms.desc(), Flaw.kind, Flaw.number.desc())
    )


def _of_kind(about: OfDevice, kind: Kind) -> tuple[ColumnElement[bool], ...]:
    return (
        Flaw.clinic_id == about.clinic_id,
        Flaw.device_id == about.device_id,
        Flaw.epoch == about.epoch,
        Flaw.kind == kind.value,
    )
