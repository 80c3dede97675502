"""Receipts: the clinic's word to a band that it has verified the record up to a number (R28).

A band may overwrite what has a receipt once it needs the room. So there is none while an incident
stands that its own signature proves: what may be evidence stays on the band. What a phone alone can
bring about stops none.
"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cloud.clinics.models import StoredCertificate
from cloud.ledger.models import LedgerChain
from cloud.phones.models import Waiting
from cloud.phones.waiting import enqueue
from cloud.proof.models import Flaw
from cloud.proof.service import stops_receipts
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Receipt
from shared.wire import fields
from shared.wire.items import DownKind, SignedReceipt


def queue_receipt(
    session: Session, chain: LedgerChain, patient_id: bytes, key: SoftwareKey, *, now_ms: int
) -> bool:
    """Sign a receipt for the verified record and queue it, instead of the one that waits.

    ``patient_id`` is whose phone brought the record and so can bring this. Return whether one was
    queued: none is where an incident stands, or where the clinic has not certified the key.
    """
    certificate = session.get(StoredCertificate, (chain.clinic_id, key.public_key.key_id))
    if certificate is None or _incident_stands(session, chain):
        return False
    statement = Receipt(chain.epoch, chain.verified_to, chain.verified_hash)
    envelope = sign1.sign(statement, audience=chain.device_id, signer=key)
    body = fields.pack(SignedReceipt(envelope, certificate.envelope))
    cursor = enqueue(session, chain.clinic_id, patient_id, DownKind.RECEIPT, body, now_ms=now_ms)
    waiting = session.execute(
        select(Waiting.cursor, Waiting.sealed_body).where(
            Waiting.clinic_id == chain.clinic_id,
            Waiting.patient_id == patient_id,
            Waiting.kind == DownKind.RECEIPT.value,
            Waiting.cursor < cursor,
        )
    )
    older = [row.cursor for row in waiting if _is_of(row.sealed_body, chain)]
    if older:
        session.execute(
            delete(Waiting).where(
                Waiting.clinic_id == chain.clinic_id,
                Waiting.patient_id == patient_id,
                Waiting.cursor.in_(older),
            )
        )
    return True


def _is_of(body: bytes, chain: LedgerChain) -> bool:
    """Whether a receipt that waits is about this band's record of this epoch."""
    said = sign1.peek(fields.unpack(SignedReceipt, body).statement)
    of_epoch = fields.from_map(Receipt, said.body).epoch
    return (said.audience, of_epoch) == (chain.device_id, chain.epoch)


def _incident_stands(session: Session, chain: LedgerChain) -> bool:
    standing = session.scalars(
        select(Flaw).where(
            Flaw.clinic_id == chain.clinic_id,
            Flaw.device_id == chain.device_id,
            Flaw.ended_ms.is_(None),
        )
    )
    return any(stops_receipts(flaw) for flaw in standing)
