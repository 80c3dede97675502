"""What makes this phone a patient's: checked against the clinic's root, kept sealed."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.engine import ledger_copy
from mobile.engine.handed_over import begin_anew
from mobile.store import Store
from mobile.sync.answers import Enrolled
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import ID_BYTES, KEY_BYTES, Purpose
from shared.trust.statements import Enrolment as EnrolmentStatement
from shared.wire import fields
from shared.wire.fields import wire
from shared.wire.items import FOR_THE_BAND

_SETTING = "enrolment"


@dataclass(frozen=True)
class Enrolment:
    """The enrolment as the phone keeps it. ``certificate`` is the enrolment key's."""

    phone_id: str = wire(1, minimum=1, maximum=128)
    clinic_id: bytes = wire(2, minimum=1, maximum=32)
    clinic_name: str = wire(3, minimum=1, maximum=128)
    patient_id: bytes = wire(4, length=ID_BYTES)
    initials: str = wire(5, minimum=1, maximum=8)
    device_id: bytes = wire(6, length=ID_BYTES)
    clinic_root: bytes = wire(7, length=KEY_BYTES)
    statement: bytes = wire(8, minimum=1, maximum=700)
    certificate: bytes = wire(9, minimum=1, maximum=700)
    transfer: bytes = wire(10, minimum=1, maximum=700)
    assignment: bytes = wire(11, minimum=1, maximum=700)
    vault_key: bytes = wire(12, length=KEY_BYTES)
    care_key: bytes = wire(13, length=KEY_BYTES)
    device_key: bytes = wire(14, length=KEY_BYTES)


def check(enrolled: Enrolled, *, app_key: PublicKey, now_s: int) -> Enrolment:
    """Return what is to be kept; raise TrustError where the clinic's root doesn't stand for it."""
    root = PublicKey(enrolled.clinic_root)

    def judged(envelope: bytes, purpose: Purpose) -> PublicKey:
        found = certificates.judge(
            envelope, purpose=purpose, clinic_id=enrolled.clinic_id, root=root, now_s=now_s
        )
        return certificates.key_of(found)

    certificate = _issuer_of(enrolled)
    statement = sign1.verify(
        EnrolmentStatement,
        enrolled.enrolment,
        audience=enrolled.device_id,
        key=judged(certificate, Purpose.ENROLMENT),
    )
    if statement.app_key != app_key.data or statement.patient_id != enrolled.patient_id:
        raise TrustError("enrolment", "the enrolment names another app or patient")
    return Enrolment(
        phone_id=enrolled.phone_id,
        clinic_id=enrolled.clinic_id,
        clinic_name=enrolled.clinic_name,
        patient_id=enrolled.patient_id,
        initials=enrolled.initials,
        device_id=enrolled.device_id,
        clinic_root=enrolled.clinic_root,
        statement=enrolled.enrolment,
        certificate=certificate,
        transfer=enrolled.transfer,
        assignment=enrolled.assignment,
        vault_key=judged(enrolled.vault_certificate, Purpose.VAULT).data,
        care_key=judged(enrolled.care_certificate, Purpose.CARE).data,
        device_key=enrolled.device_key,
    )


def keep(store: Store, enrolment: Enrolment) -> None:
    """Keep the enrolment; what belonged to another clinic or patient doesn't go on under it.

    What was still to be sent to those can't be any more: whoever enrols anew is told before. With
    another band of the same patient everything that is for a band is offered to that one.
    """
    before = kept(store)
    with store.transaction():
        if before is not None and _whose(before) != _whose(enrolment):
            store.downstream.forget()
            store.outbox.forget()
        elif before is not None and before.device_id != enrolment.device_id:
            store.downstream.offer_again(FOR_THE_BAND)
            ledger_copy.forget(store)
        begin_anew(store)
        store.settings.put(_SETTING, fields.pack(enrolment))


def _whose(enrolment: Enrolment) -> tuple[bytes, bytes]:
    return enrolment.clinic_id, enrolment.patient_id


def kept(store: Store) -> Enrolment | None:
    """Return the enrolment that was kept."""
    data = store.settings.get(_SETTING)
    return None if data is None else fields.unpack(Enrolment, data)


def _issuer_of(enrolled: Enrolled) -> bytes:
    """The certificate of the key that signed the enrolment, unjudged."""
    issuer = sign1.peek(enrolled.enrolment).issuer
    for envelope in enrolled.certificates:
        body = sign1.peek(envelope).body
        key = body.get(2) if isinstance(body, dict) else None
        if isinstance(key, bytes) and PublicKey(key).key_id == issuer:
            return envelope
    raise TrustError("certificate", "the enrolment comes without its key's certificate")
