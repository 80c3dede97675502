"""What staff signed for a band beside prescriptions, judged and queued for the patient's phones.

The band judges it again: here a word that it would refuse is found out while somebody is there who
can sign another.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.audit.service import record
from cloud.clinics.models import Clinic
from cloud.errors import Refused
from cloud.patients.service import device_of
from cloud.phones.waiting import enqueue
from shared.trust import certificates, staff_words
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.staff_words import AttestTime, HandOver, LiftHold, Supervise
from shared.trust.statements import Purpose
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import DownKind, RelayedWord

WORDS = {kind.TYPE: kind for kind in (LiftHold, Supervise, HandOver, AttestTime)}


def relay(
    session: Session,
    clinic: Clinic,
    patient_id: bytes,
    body: bytes,
    *,
    actor: str,
    now_ms: int,
    route: str = "",
) -> RelayedWord:
    """Queue a signed word; raise Refused where no key of the clinic's staff signed it so, or it's
    for another device."""
    device = device_of(session, clinic.clinic_id, patient_id)
    try:
        relayed = fields.unpack(RelayedWord, body)
        if relayed.type not in WORDS:
            raise WireError("type", f"{relayed.type!r:.40} is none that a phone relays")
        certificate = certificates.judge(
            relayed.word.certificate,
            purpose=Purpose.STAFF,
            clinic_id=clinic.clinic_id.encode(),
            root=PublicKey(clinic.root_key),
            now_s=now_ms // 1000,
        )
        word = staff_words.verify(WORDS[relayed.type], relayed.word, certificate)
    except (TrustError, WireError) as problem:
        raise Refused(f"This word would not be taken: {problem}.", code="word") from problem
    if word.device_id != device.device_id:
        raise Refused("This word is for another device.", code="device")
    enqueue(session, clinic.clinic_id, patient_id, DownKind.STAFF_WORD, body, now_ms=now_ms)
    record(
        session,
        clinic.clinic_id,
        actor=actor,
        action=f"relayed {relayed.type}",
        subject=f"device/{device.device_id.hex()}",
        now_ms=now_ms,
        route=route,
        patients=[patient_id],
    )
    return relayed
