"""ServiceRequest: a prescription that a clinician signed, in words and as the very bytes.

The bytes are what counts; every readable field is made from them, and what comes in with a field
that says otherwise is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cloud.fhir.elements import (
    Element,
    Resource,
    coded,
    extension,
    identifier,
    moment,
    packed,
    without_nothing,
)
from cloud.fhir.errors import NotValid
from cloud.fhir.mapping import Mapping
from cloud.fhir.resources.device import key_of as key_of_device
from cloud.fhir.source import ID_BYTES, Source
from shared.dose.prescription import (
    Part,
    Prescription,
    PrescriptionKind,
    ThresholdKind,
    from_bytes,
    hash_of,
)
from shared.wire.errors import WireError

_KINDS = {
    PrescriptionKind.TREATMENT: "Repetitive transcranial magnetic stimulation at home",
    PrescriptionKind.END: "End of a treatment",
    PrescriptionKind.TITRATION: "Titration of the motor threshold",
    PrescriptionKind.REPLACEMENT: "The course goes on with another band",
}
_THRESHOLDS = {
    ThresholdKind.RMT: "of resting motor threshold",
    ThresholdKind.AMT: "of active motor threshold",
    ThresholdKind.LEG_RMT: "of the leg's resting motor threshold",
    ThresholdKind.NONE: "of maximum output",
}


@dataclass(frozen=True)
class PrescriptionRecord:
    """A signed prescription. ``is_replaced`` says that a later signed one names it as replaced;
    ``in_force_ms`` is when the band's own record says that it installed it."""

    prescription_id: bytes
    data: bytes
    drafted_by: bytes
    signed_ms: int
    in_force_ms: int | None
    is_replaced: bool
    threshold_method: str | None
    threshold_by: str | None

    @cached_property
    def prescription(self) -> Prescription:
        """What the bytes say."""
        return from_bytes(self.data)


def _write(record: PrescriptionRecord, source: Source) -> Resource:
    found = record.prescription
    kept = [extension("prescription-bytes", "Base64Binary", packed(record.data))]
    if record.in_force_ms is not None:
        kept.append(extension("in-force", "Instant", moment(record.in_force_ms)))
    for name, words in (
        ("threshold-method", record.threshold_method),
        ("threshold-by", record.threshold_by),
    ):
        if words:
            kept.append(extension(name, "String", words))
    replaced = found.replaces_hash
    return without_nothing(
        {
            **source.head("ServiceRequest", key_of(hash_of(record.data))),
            "extension": kept,
            "identifier": [
                identifier("prescription", record.prescription_id.hex()),
                identifier("prescription-hash", hash_of(record.data).hex()),
            ],
            "replaces": replaced and [source.reference("ServiceRequest", key_of(replaced))],
            "status": "revoked" if record.is_replaced else "active",
            "intent": "order",
            "doNotPerform": True if found.kind is PrescriptionKind.END else None,
            "code": coded("protocol", found.protocol_id, _KINDS[found.kind]),
            "orderDetail": [{"text": _part_words(found, part)} for part in found.parts],
            "quantityQuantity": {"value": found.limits.course_sessions, "unit": "sessions at most"},
            "subject": source.reference("Patient"),
            "occurrencePeriod": {
                "start": moment(found.not_before_s * 1000),
                "end": moment(found.not_after_s * 1000),
            },
            "authoredOn": moment(record.signed_ms),
            "requester": {"identifier": identifier("staff", record.drafted_by.hex())},
            "performer": [source.reference("Device", key_of_device(found.device_id))],
            "bodySite": [{"text": part.site} for part in found.parts],
        }
    )


def _part_words(prescription: Prescription, part: Part) -> str:
    threshold = prescription.threshold_of(prescription.parts.index(part))
    given = f"{part.plan.pulses} pulses in {part.trains} trains"
    return f"{part.site}: {given}, {part.intensity_percent} % {_THRESHOLDS[threshold.kind]}"


def _read(element: Element) -> PrescriptionRecord:
    kept = element.extension("prescription-bytes")
    in_force = element.maybe_extension("in-force")
    method = element.maybe_extension("threshold-method")
    by = element.maybe_extension("threshold-by")
    record = PrescriptionRecord(
        prescription_id=element.identified("prescription", ID_BYTES),
        data=kept.data("valueBase64Binary"),
        drafted_by=element.child("requester").identified("staff", ID_BYTES),
        signed_ms=element.moment("authoredOn"),
        in_force_ms=in_force.moment("valueInstant") if in_force else None,
        is_replaced=element.text("status") == "revoked",
        threshold_method=method.text("valueString") if method else None,
        threshold_by=by.text("valueString") if by else None,
    )
    try:
        _ = record.prescription
    except (WireError, ValueError) as problem:
        raise NotValid(kept.at("valueBase64Binary"), f"is no prescription: {problem}") from None
    return record


def key_of(prescription_hash: bytes) -> str:
    """Return what a prescription's id is made of: the hash by which records name it."""
    return prescription_hash.hex()


PRESCRIPTION = Mapping(
    "prescriptions",
    "ServiceRequest",
    PrescriptionRecord,
    lambda record: key_of(hash_of(record.data)),
    _write,
    _read,
)
