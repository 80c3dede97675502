"""`circlet-cloud verify`: walks every chain that the database holds, and says what is wrong.

Audit log and its heads, each device's record with the heads that the device signed, receipts, and
that what the database believes of a record is what the record says. Records behind the last head
are judged when their head comes. It changes nothing of what it walks.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.audit.heads import first_false_head, heads_of
from cloud.audit.service import first_broken, first_misplaced
from cloud.clinics.service import clinic_of
from cloud.db import Database
from cloud.ledger import stretches
from cloud.ledger.errors import DamagedStretch
from cloud.ledger.export import lines_of
from cloud.ledger.models import LedgerChain
from cloud.patients.models import Device
from cloud.phones.models import Waiting
from cloud.verifier.verifier import Verifier
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Purpose, Receipt
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import DownKind, SignedReceipt
from shared.wire.ledger_file import Header, Line
from shared.wire.ledger_reading import Placed


def wrongs(database: Database) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong, over all clinics."""
    for clinic_id in database.all_clinics():
        with database.read(clinic_id) as session:
            yield from _of_audit(session, clinic_id)
            yield from _of_records(session, clinic_id)
            yield from _of_receipts(session, clinic_id)


def counts(database: Database) -> tuple[int, int, int]:
    """Return how many clinics, signed audit heads and records' chains there are."""
    clinics = database.all_clinics()
    heads = chains = 0
    for clinic_id in clinics:
        with database.read(clinic_id) as session:
            heads += len(heads_of(session, clinic_id))
            chains += len(_chains(session, clinic_id))
    return len(clinics), heads, chains


def _of_audit(session: Session, clinic_id: str) -> Iterator[str]:
    broken = first_broken(session, clinic_id)
    if broken is not None:
        yield f"{clinic_id}: the audit log breaks at event {broken}"
    misplaced = first_misplaced(session, clinic_id)
    if misplaced is not None:
        yield f"{clinic_id}: the audit log's event {misplaced} is found under other patients"
    false_head = first_false_head(session, clinic_id)
    if false_head is not None:
        yield f"{clinic_id}: the audit log's signed head of event {false_head} does not hold"


def _of_records(session: Session, clinic_id: str) -> Iterator[str]:
    maker = PublicKey(clinic_of(session, clinic_id).manufacturer_key)
    for chain in _chains(session, clinic_id):
        name = f"{clinic_id}: record {chain.device_id.hex()}/{chain.epoch.hex()}"
        try:
            for words in _of_chain(session, chain, maker):
                yield f"{name}{words}"
        except DamagedStretch as problem:
            yield f"{name}: {problem}"
        except (WireError, ValueError, IndexError):
            yield f"{name} is not readable"


def _of_chain(session: Session, chain: LedgerChain, maker: PublicKey) -> Iterator[str]:
    device = session.get(Device, (chain.clinic_id, chain.device_id))
    if device is None:
        yield " is of a device that is not here"
        return
    header, *lines = lines_of(session, device, chain)
    assert isinstance(header, Header)
    verifier = Verifier(header, maker)
    for _ in verifier.run(_placed(lines)):
        pass
    summary = verifier.summary()
    for finding in summary.findings.kept:
        if finding.first <= chain.verified_to:
            yield f": {finding.numbers}: {finding.words}"
    if chain.verified_to > summary.last:
        yield f": the database believes {chain.verified_to} records and holds {summary.last}"
    elif chain.verified_to and _hash_of(session, chain, chain.verified_to) != chain.verified_hash:
        yield f": the hash of record {chain.verified_to} is another than was verified"


def _of_receipts(session: Session, clinic_id: str) -> Iterator[str]:
    """Receipts that wait for phones say nothing that the database doesn't hold."""
    root = PublicKey(clinic_of(session, clinic_id).root_key)
    waiting = select(Waiting).where(
        Waiting.clinic_id == clinic_id, Waiting.kind == DownKind.RECEIPT.value
    )
    for each in session.scalars(waiting):
        name = f"{clinic_id}: receipt {each.cursor}"
        try:
            device_id, said = _receipt(each.body, clinic_id, root)
        except (TrustError, WireError) as problem:
            yield f"{name}: {problem}"
            continue
        chain = session.get(LedgerChain, (clinic_id, device_id, said.epoch))
        if chain is None or _hash_of(session, chain, said.number) != said.hash:
            yield f"{name} is for record {said.number}, which is another here or missing"


def _receipt(body: bytes, clinic_id: str, root: PublicKey) -> tuple[bytes, Receipt]:
    signed = fields.unpack(SignedReceipt, body)
    certificate = certificates.judge(
        signed.certificate,
        purpose=Purpose.RECEIPT,
        clinic_id=clinic_id.encode(),
        root=root,
        now_s=None,
    )
    device_id = sign1.peek(signed.statement).audience
    key = certificates.key_of(certificate)
    return device_id, sign1.verify(Receipt, signed.statement, audience=device_id, key=key)


def _hash_of(session: Session, chain: LedgerChain, number: int) -> bytes | None:
    """Return the chain's hash at a record, made anew from the bytes that are there."""
    try:
        found = list(stretches.records(session, chain, number, number))
    except DamagedStretch:
        return None
    return found[0].hash if found else None


def _placed(lines: list[Line | Header]) -> Iterator[Placed]:
    for number, line in enumerate(lines, start=2):
        assert isinstance(line, Line)
        yield Placed(f"line {number}", line)


def _chains(session: Session, clinic_id: str) -> list[LedgerChain]:
    found = session.scalars(select(LedgerChain).where(LedgerChain.clinic_id == clinic_id))
    return list(found)
