"""How far a prescription has come: signed, on the phone, installed, in force.

The first two are the cloud's own knowledge, the last two the band's signed record's: a prescription
is in force when the band says so, never because it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cloud.holds.models import HoldConfirmation
from cloud.language import _, number
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.overtaking import signer_of
from cloud.prescriptions.service import read_prescription
from cloud.times import Times
from cloud.words.models import StaffWord
from shared.dose.prescription import PrescriptionKind

SHOWN = 6
"""So many of the newest versions are followed on the page."""


@dataclass(frozen=True)
class WayStep:
    """A step of the way with its time once it was reached."""

    name: str
    detail: str
    reached: str | None


@dataclass(frozen=True)
class Way:
    """One version's way; ``state`` is the name of the last step that was reached. ``to_call`` is
    whether somebody has to be called before it goes on."""

    title: str
    meaning: str
    state: str
    steps: tuple[WayStep, ...]
    to_call: bool = False


def note_on_phone(
    session: Session, clinic_id: str, patient_id: bytes, cursor: int, *, now_ms: int
) -> None:
    """Note that the patient's phone holds everything up to ``cursor``."""
    tables: tuple[type[StoredPrescription | StaffWord | HoldConfirmation], ...] = (
        StoredPrescription,
        StaffWord,
        HoldConfirmation,
    )
    for table in tables:
        waiting = update(table).where(
            table.clinic_id == clinic_id,
            table.patient_id == patient_id,
            table.cursor <= cursor,
            table.on_phone_ms.is_(None),
        )
        session.execute(waiting.values(on_phone_ms=now_ms))


def ways(
    session: Session, clinic_id: str, patient_id: bytes, times: Times, *, now_ms: int
) -> tuple[Way, ...]:
    """Return the ways of the patient's newest signed versions, the newest first."""
    found = session.scalars(
        select(StoredPrescription)
        .where(
            StoredPrescription.clinic_id == clinic_id,
            StoredPrescription.patient_id == patient_id,
            StoredPrescription.signed_ms.is_not(None),
        )
        .order_by(StoredPrescription.serial.desc())
        .limit(SHOWN)
    ).all()
    newest = next((each.serial for each in found if _stands(each)), None)
    return tuple(_way(session, each, newest, times, now_ms) for each in found)


def _stands(stored: StoredPrescription) -> bool:
    """A titration stands beside the treatment and replaces nothing (R14)."""
    beside = read_prescription(stored).kind is PrescriptionKind.TITRATION
    return stored.in_force_ms is not None and not beside


def _way(
    session: Session, stored: StoredPrescription, newest: int | None, times: Times, now_ms: int
) -> Way:
    rx = read_prescription(stored)
    titles = {
        PrescriptionKind.END: _("End of the treatment, version {serial}"),
        PrescriptionKind.TITRATION: _("Measuring the threshold, version {serial}"),
        PrescriptionKind.REPLACEMENT: _("Another band, version {serial}"),
    }
    installed = stored.in_force_ms
    replaced = newest is not None and stored.serial < newest and installed is not None
    from_ms = max(installed or 0, rx.not_before_s * 1000)
    holds = installed is not None and from_ms <= now_ms
    record = number(stored.record_number) if stored.record_number else None
    steps = (
        WayStep(
            _("Signed"),
            _signed_by(signer_of(session, stored)),
            _said(times, stored.signed_ms, now_ms),
        ),
        WayStep(_("On the phone"), _("fetched by the app"), _fetched(stored, times, now_ms)),
        WayStep(
            _("Installed"),
            _("record {number} of the band").format(number=record) if record else _("by the band"),
            _said(times, installed, now_ms),
        ),
        WayStep(
            _("In force"),
            _("verified here {when}").format(when=times.said(stored.known_ms, now_ms))
            if stored.known_ms
            else _("once its record reaches the clinic"),
            times.said(from_ms, now_ms) if holds else None,
        ),
    )
    reached = [step.name for step in steps if step.reached]
    title = titles.get(rx.kind, _("Prescription, version {serial}")).format(serial=stored.serial)
    to_call = rx.kind is PrescriptionKind.REPLACEMENT and installed is None
    meaning = _meaning(stored, rx.install_by_s, replaced, times, now_ms)
    if to_call and rx.install_by_s * 1000 >= now_ms:
        meaning = _("NOT IN FORCE: the course waits until the new band has it, by {when}.").format(
            when=times.said(rx.install_by_s * 1000, now_ms)
        )
    return Way(title, meaning, reached[-1], steps, to_call)


def _meaning(
    stored: StoredPrescription, install_by_s: int, replaced: bool, times: Times, now_ms: int
) -> str:
    if replaced:
        return _("A later version has taken its place.")
    if stored.in_force_ms is not None:
        return _("The band's own record says so.")
    until = times.said(install_by_s * 1000, now_ms)
    if install_by_s * 1000 < now_ms:
        return _("NOT IN FORCE: it had to be installed by {when}. Sign it anew.").format(when=until)
    return _("NOT IN FORCE: what was in force before stands. To be installed by {when}.").format(
        when=until
    )


def _signed_by(name: str) -> str:
    return _("by {name}, at the desk").format(name=name) if name else _("at the desk")


def _fetched(stored: StoredPrescription, times: Times, now_ms: int) -> str | None:
    """What the band has, a phone brought: also where nobody noted when."""
    if stored.on_phone_ms is None and stored.in_force_ms is not None:
        return _("time not kept")
    return _said(times, stored.on_phone_ms, now_ms)


def _said(times: Times, at_ms: int | None, now_ms: int) -> str | None:
    return None if at_ms is None else times.said(at_ms, now_ms)
