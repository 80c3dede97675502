"""Whose device this is, and whose word counts: clinic, patient, app, prescription (R17 to R23).

Kept in flash pages; every judgement of a statement's key stands here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import Flash, Identity
from shared.dose import prescription as prescriptions
from shared.dose.prescription import Prescription
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import (
    HASH_BYTES,
    ID_BYTES,
    KEY_BYTES,
    Assignment,
    Certificate,
    Enrolment,
    Purpose,
    Transfer,
)
from shared.wire import fields
from shared.wire.fields import wire
from shared.wire.operations import StatusCode

_OWNER_PAGE, _APP_PAGE, _PRESCRIPTION_PAGE = "owner", "app", "prescription"
S = TypeVar("S", bound=sign1.Statement)


@dataclass(frozen=True)
class Owner:
    """Clinic and patient, as the maker's transfer and the clinic's assignment named them."""

    clinic_id: bytes = wire(1, maximum=32)
    clinic_root: bytes = wire(2, length=KEY_BYTES)
    recovery_root: bytes = wire(3, length=KEY_BYTES)
    demo: bool = wire(4)
    patient_id: bytes = wire(5, length=ID_BYTES)
    initials: str = wire(6, maximum=8)
    epoch: bytes = wire(7, length=ID_BYTES)
    transfer_hash: bytes = wire(8, length=HASH_BYTES)
    assignment_hash: bytes = wire(9, length=HASH_BYTES)


@dataclass(frozen=True)
class App:
    """The enrolled app (R22: one, in this version; a newer enrolment takes its place)."""

    key: bytes = wire(1, length=KEY_BYTES)
    number: int = wire(2)
    not_after_s: int = wire(3)
    statement_hash: bytes = wire(4, length=HASH_BYTES)


class Ownership:
    """The pages of ownership and the judgements that rest on them."""

    def __init__(self, flash: Flash, identity: Identity) -> None:
        self._flash, self._identity = flash, identity
        self.owner: Owner | None = None
        self.app: App | None = None
        self.prescription: Prescription | None = None
        self.prescription_hash: bytes | None = None
        self.titration: Prescription | None = None
        self.titration_hash: bytes | None = None
        self._app_slot = 0
        self._prescription_slot = 0

    def load_owner(self) -> None:
        """Read whose device this is."""
        owner = self._flash.read_page(_OWNER_PAGE)
        self.owner = None if owner is None else fields.unpack(Owner, owner)

    def load_named(self, *, app: tuple[bytes | None, int], prescription_hash: bytes | None) -> None:
        """Read app and prescription; each counts only where the ledger names it: the app by the
        id of its key and its enrolment's number."""
        for slot, data in self._both(_APP_PAGE):
            kept = fields.unpack(App, data)
            if (PublicKey(kept.key).key_id, kept.number) == app:
                self.app, self._app_slot = kept, slot
        for slot, data in self._both(_PRESCRIPTION_PAGE):
            if prescriptions.hash_of(data) == prescription_hash:
                self.prescription = prescriptions.from_bytes(data)
                self.prescription_hash, self._prescription_slot = prescription_hash, slot

    def _both(self, name: str) -> Iterator[tuple[int, bytes]]:
        """Yield the newest two of a page: a power cut between page and record loses neither."""
        for slot in (0, 1):
            data = self._flash.read_page(f"{name}-{slot}")
            if data is not None:
                yield slot, data

    @property
    def device_id(self) -> bytes:
        """Return the id that the maker gave the device."""
        return self._identity.device_id

    def require_owner(self) -> Owner:
        """Return the owner, or refuse."""
        if self.owner is None:
            raise Refused(StatusCode.NOT_PROVISIONED, "not_provisioned")
        return self.owner

    def judge_new_owner(
        self, transfer: bytes, certificate: bytes, assignment: bytes, epoch: bytes
    ) -> Owner:
        """Return the owner that these three statements make; raise Refused when one is false."""
        device_id = self._identity.device_id
        maker = self._identity.manufacturer
        with _judging():
            given = sign1.verify(Transfer, transfer, audience=device_id, key=maker)
            enrolment = certificates.judge(
                certificate,
                purpose=Purpose.ENROLMENT,
                clinic_id=given.clinic_id,
                root=PublicKey(given.clinic_root),
                now_s=None,
            )
            clinic = certificates.key_of(enrolment)
            assigned = sign1.verify(Assignment, assignment, audience=device_id, key=clinic)
        return Owner(
            given.clinic_id,
            given.clinic_root,
            given.recovery_root,
            given.demo,
            assigned.patient_id,
            assigned.initials,
            epoch,
            sign1.name_of(transfer),
            sign1.name_of(assignment),
        )

    def keep_owner(self, owner: Owner) -> None:
        """Make ``owner`` the owner."""
        self._flash.write_page(_OWNER_PAGE, fields.pack(owner))
        self.owner = owner

    def judge_app(self, enrolment: bytes, certificate: bytes, now_s: int) -> App:
        """Return the app that an enrolment names; raise Refused when it does not hold here."""
        owner = self.require_owner()
        key = self.certified(certificate, Purpose.ENROLMENT, now_s)
        statement = self.statement(Enrolment, enrolment, key)
        if statement.patient_id != owner.patient_id:
            raise Refused(StatusCode.NOT_TRUSTED, "other_patient")
        if not statement.not_before_s <= now_s < statement.not_after_s:
            raise Refused(StatusCode.NOT_TRUSTED, "enrolment_expired")
        if self.app is not None and statement.number <= self.app.number:
            raise Refused(StatusCode.ALREADY, "enrolment_not_newer")
        return App(
            statement.app_key,
            statement.number,
            statement.not_after_s,
            sign1.name_of(enrolment),
        )

    def keep_app(self, app: App) -> None:
        """Write the app's page; it counts once the ledger names it."""
        self._app_slot = 1 - self._app_slot
        self._flash.write_page(f"{_APP_PAGE}-{self._app_slot}", fields.pack(app))
        self.app = app

    def keep_prescription(self, data: bytes, prescription: Prescription) -> None:
        """Write the prescription's page; it counts once the ledger names it."""
        self._prescription_slot = 1 - self._prescription_slot
        self._flash.write_page(f"{_PRESCRIPTION_PAGE}-{self._prescription_slot}", data)
        self.prescription = prescription
        self.prescription_hash = prescriptions.hash_of(data)

    def certified(
        self, certificate: bytes | None, purpose: Purpose, now_s: int | None
    ) -> PublicKey:
        """Return the key that the clinic's root certified for ``purpose``."""
        return certificates.key_of(self.certificate(certificate, purpose, now_s))

    def certificate(
        self, certificate: bytes | None, purpose: Purpose, now_s: int | None
    ) -> Certificate:
        """Return the judged certificate; raise Refused when it does not hold."""
        owner = self.require_owner()
        if certificate is None:
            raise Refused(StatusCode.NOT_TRUSTED, "no_certificate")
        with _judging():
            return certificates.judge(
                certificate,
                purpose=purpose,
                clinic_id=owner.clinic_id,
                root=PublicKey(owner.clinic_root),
                now_s=now_s,
            )

    def statement(self, kind: type[S], envelope: bytes, key: PublicKey) -> S:
        """Return a statement for this device by ``key``; raise Refused when it does not hold."""
        with _judging():
            return sign1.verify(kind, envelope, audience=self._identity.device_id, key=key)

    def app_key(self, now_s: int | None) -> PublicKey:
        """Return the enrolled app's key; raise Refused when there is none in force."""
        self.require_owner()
        if self.app is None:
            raise Refused(StatusCode.NOT_TRUSTED, "no_app")
        if now_s is None or now_s >= self.app.not_after_s:
            raise Refused(StatusCode.NOT_TRUSTED, "enrolment_expired")
        return PublicKey(self.app.key)


@contextlib.contextmanager
def _judging() -> Iterator[None]:
    try:
        yield
    except TrustError as problem:
        raise Refused(StatusCode.NOT_TRUSTED, f"trust_{problem.code}") from problem
