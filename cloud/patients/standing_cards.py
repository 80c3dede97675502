"""Cards of what stands around a treatment: band, phone, clearance, threshold, in words."""

from __future__ import annotations

from cloud.language import _, day, n_
from cloud.patients.record import TreatmentRecord
from cloud.patients.summary import Card
from cloud.prescriptions.service import read_prescription
from cloud.times import Times
from shared.dose.prescription import Prescription, ThresholdKind


def standing_cards(
    record: TreatmentRecord, device: str, times: Times, *, now_ms: int
) -> tuple[Card, ...]:
    """Return the four cards; ``device`` is the band's number."""
    return (
        _band(record, device, times, now_ms),
        _phone(record, times, now_ms),
        _clearance(record, times, now_ms),
        _threshold(record, times, now_ms),
    )


def _band(record: TreatmentRecord, device: str, times: Times, now_ms: int) -> Card:
    stored = record.in_force
    if stored is None or stored.in_force_ms is None:
        return Card(_("Band"), device, _("No prescription in force on it"))
    since = times.said(stored.in_force_ms, now_ms)
    detail = _("Prescription {serial} in force since {when}").format(
        serial=stored.serial, when=since
    )
    return Card(_("Band"), device, detail)


def _phone(record: TreatmentRecord, times: Times, now_ms: int) -> Card:
    phone = record.phone
    if phone is None:
        return Card(_("Phone"), _("None yet"), _("The one-time code waits to be used."), "wait")
    if phone.revoked_ms is not None:
        when = times.said(phone.revoked_ms, now_ms)
        return Card(
            _("Phone"),
            _("Revoked"),
            _("It is believed no more, since {when}").format(when=when),
            "wait",
        )
    heard = times.said(phone.seen_ms, now_ms)
    detail = _("Enrolled {when}").format(when=times.said(phone.enrolled_ms, now_ms))
    return Card(_("Phone"), _("Heard {when}").format(when=heard), detail)


def _clearance(record: TreatmentRecord, times: Times, now_ms: int) -> Card:
    """Until when a clearance that the phone fetched last counts: the band's clock decides."""
    phone, stored = record.phone, record.in_force
    if phone is None or phone.cleared_ms is None or stored is None:
        return Card(_("Clearance"), _("None yet"), _("Without one the band does not treat"))
    ends_ms = phone.cleared_ms + read_prescription(stored).clearance_limit_s * 1000
    if ends_ms <= now_ms:
        return Card(
            _("Clearance"),
            _("Run out"),
            _("The band treats again once its phone has met the clinic's server."),
            "wait",
        )
    return Card(
        _("Clearance"),
        _("Until {when}").format(when=times.said(ends_ms, now_ms)),
        _("At the longest; fetched {when}").format(when=times.said(phone.cleared_ms, now_ms)),
    )


def _threshold(record: TreatmentRecord, times: Times, now_ms: int) -> Card:
    stored = record.in_force or record.signed
    if stored is None:
        return Card(_("Threshold"), _("None yet"), _("It comes with the prescription"))
    plan = read_prescription(stored)
    if plan.threshold.kind is ThresholdKind.NONE:
        return Card(_("Threshold"), _("None"), _("The output is fixed"))
    measured = times.day(plan.threshold.measured_s * 1000)
    age = (times.day(now_ms) - measured).days
    figure = _("{percent} % of output").format(percent=plan.threshold.percent_mso)
    words = n_("{count} day old", "{count} days old", age).format(count=age)
    return Card(
        _("Threshold"), figure, f"{words}; {_due(plan, times, now_ms)}", _tone(plan, now_ms)
    )


def _due(plan: Prescription, times: Times, now_ms: int) -> str:
    if now_ms >= plan.threshold.lock_s * 1000:
        return _("the band locks by it")
    return _("due {day}").format(day=day(times.day(plan.threshold.warn_s * 1000)))


def _tone(plan: Prescription, now_ms: int) -> str:
    return "wait" if now_ms >= plan.threshold.warn_s * 1000 else "plain"
