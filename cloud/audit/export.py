"""The audit log as a file for `circlet-verify audit`, as docs/audit.md has it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from cloud.audit.heads import heads_of
from cloud.audit.models import AuditEvent
from cloud.audit.service import line_of, newest, some_from
from cloud.clinics.certificates import certificates_for, envelopes_of_key
from cloud.clinics.revocations import revocations_of
from cloud.clinics.service import clinic_of
from cloud.db import Database
from shared.trust import audit_file
from shared.trust.statements import Purpose

SLICE = 1000
"""Lines in memory at once."""


def lines_of(database: Database, clinic_id: str) -> Iterator[bytes]:
    """Yield the file's lines; each head stands behind the line that it signs.

    All of it is of the moment at which it begins. Lines are only ever added, so those up to then
    are read slice by slice, each in a transaction of its own: however slowly somebody takes the
    file, no transaction waits for them.
    """
    with database.read(clinic_id) as session:
        before = tuple(_before_events(session, clinic_id))
        heads = {head.number: head.envelope for head in heads_of(session, clinic_id)}
        last = max((each.number for each in newest(session, clinic_id, 1)), default=0)
    yield from before
    count = 0
    for first in range(1, last + 1, SLICE):
        with database.read(clinic_id) as session:
            events = some_from(session, clinic_id, first, min(last, first + SLICE - 1))
        for event in events:
            yield _event(event)
            if event.number in heads:
                yield audit_file.head(heads[event.number])
        count += len(events)
    yield audit_file.end(count)


def _before_events(session: Session, clinic_id: str) -> Iterator[bytes]:
    clinic = clinic_of(session, clinic_id)
    yield audit_file.header(clinic.clinic_id, clinic.root_key)
    for certificate in certificates_for(session, clinic_id, Purpose.AUDIT):
        for envelope in envelopes_of_key(session, clinic_id, certificate.key_id):
            yield audit_file.certificate(envelope)
    for revocation in revocations_of(session, clinic_id):
        yield audit_file.revocation(revocation)


def _event(event: AuditEvent) -> bytes:
    return audit_file.event(line_of(event), event.hash)
