"""Whose device this is, and whose word counts: clinic, patient, apps, prescriptions (R17 to R23).

Kept in flash pages that count where the ledger names them; every judgement of a statement's key
stands here. Not for what a statement then does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from firmware_bridge.emulator.firmware import tenure as tenures
from firmware_bridge.emulator.firmware.kept import KeptPages
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import Flash, Identity
from firmware_bridge.emulator.firmware.tenure import Owner, Tenure
from shared.dose import prescription as prescriptions
from shared.dose.ledger import APPS_MAX, EnrolledApp, LedgerState
from shared.dose.prescription import Prescription
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import HASH_BYTES, KEY_BYTES, Certificate, Enrolment, Purpose
from shared.wire import fields
from shared.wire.fields import wire
from shared.wire.operations import StatusCode

S = TypeVar("S", bound=sign1.Statement)


@dataclass(frozen=True)
class App:
    """An enrolled app (R22)."""

    key: bytes = wire(1, length=KEY_BYTES)
    number: int = wire(2)
    not_after_s: int = wire(3)
    statement_hash: bytes = wire(4, length=HASH_BYTES)

    @property
    def named(self) -> EnrolledApp:
        """The app as the ledger names it."""
        return EnrolledApp(PublicKey(self.key).key_id, self.number)


@dataclass(frozen=True)
class KeptPrescription:
    """A prescription and the hash by which the ledger names it."""

    hash: bytes
    prescription: Prescription


class Ownership:
    """The pages of ownership and the judgements that rest on them."""

    def __init__(self, flash: Flash, identity: Identity, ledger: Callable[[], LedgerState]) -> None:
        self._identity, self._ledger = identity, ledger
        self._tenures = KeptPages(flash, "owner", 2, tenures.read)
        self._apps = KeptPages(flash, "app", APPS_MAX + 1, lambda data: fields.unpack(App, data))
        self._prescriptions = KeptPages(flash, "prescription", 2, _kept_prescription)
        self._titrations = KeptPages(flash, "titration", 2, _kept_prescription)
        self._tenure: Tenure | None = None

    # Pages

    def load(self) -> None:
        """Read all pages; which of them count, the ledger says."""
        for pages in (self._tenures, self._apps, self._prescriptions, self._titrations):
            pages.load()

    @property
    def epoch(self) -> bytes | None:
        """The one epoch of this device's ledger; None where no page tells of any."""
        return next((tenure.epoch for tenure in self._tenures.all), None)

    def settle(self, count: int, *, may_wipe: bool) -> None:
        """Find whose device it is by the ledger's length. A page whose record was never written is
        wiped before another record takes that number."""
        self._tenure = tenures.in_force(self._tenures.all, count)
        if may_wipe and any(tenure.from_number > count for tenure in self._tenures.all):
            self._tenures.wipe(but=self._tenure)

    @property
    def tenure(self) -> Tenure | None:
        """Who owns the device since when; None where nobody ever did."""
        return self._tenure

    @property
    def owner(self) -> Owner | None:
        """The owner; None where there is none now."""
        return None if self._tenure is None else self._tenure.owner

    def prepare_tenure(self, tenure: Tenure) -> None:
        """Write the page of a tenure that begins with the next record."""
        self._tenures.keep(fields.pack(tenure), beside=() if not self._tenure else (self._tenure,))

    def begin_tenure(self) -> None:
        """Go by the tenure whose record was just written."""
        self._tenure = tenures.in_force(self._tenures.all, self._ledger().number)

    @property
    def has_leftovers(self) -> bool:
        """True while keys or names of a former owner stand in pages though nobody owns the
        device."""
        if self._tenure is None or self.owner is not None:
            return False
        kept = (self._apps, self._prescriptions, self._titrations)
        return any(pages.all for pages in kept) or len(self._tenures.all) > 1

    def wipe_leftovers(self) -> None:
        """Take the former owner's keys and names away."""
        self._tenures.wipe(but=self._tenure)
        for pages in (self._apps, self._prescriptions, self._titrations):
            pages.wipe()

    # What is in force

    @property
    def device_id(self) -> bytes:
        """Return the id that the maker gave the device."""
        return self._identity.device_id

    def require_owner(self) -> Owner:
        """Return the owner, or refuse."""
        if self.owner is not None:
            return self.owner
        code = "retired" if self._ledger().retired else "not_provisioned"
        raise Refused(StatusCode.NOT_PROVISIONED, code)

    @property
    def apps(self) -> tuple[App, ...]:
        """The apps that the ledger names, the newest last."""
        named = self._ledger().apps
        return tuple(
            sorted((app for app in self._apps.all if app.named in named), key=lambda a: a.number)
        )

    @property
    def prescription(self) -> Prescription | None:
        """The treatment, or the end, in force."""
        return _named(self._prescriptions, self._ledger().prescription_hash)

    @property
    def prescription_hash(self) -> bytes | None:
        """The hash of the treatment, or the end, in force."""
        return None if self.prescription is None else self._ledger().prescription_hash

    @property
    def titration(self) -> Prescription | None:
        """The titration beside it."""
        return _named(self._titrations, self._ledger().titration_hash)

    @property
    def titration_hash(self) -> bytes | None:
        """The hash of the titration beside it."""
        return None if self.titration is None else self._ledger().titration_hash

    def keep_app(self, app: App) -> None:
        """Write an app's page; it counts once the ledger names it."""
        self._apps.keep(fields.pack(app), beside=self.apps)

    def keep_prescription(self, data: bytes) -> None:
        """Write the page of a treatment or an end; it counts once the ledger names it."""
        _keep(self._prescriptions, data, self._ledger().prescription_hash)

    def keep_titration(self, data: bytes) -> None:
        """Write a titration's page; it counts once the ledger names it."""
        _keep(self._titrations, data, self._ledger().titration_hash)

    # Whose word counts

    def certified(
        self, certificate: bytes | None, purpose: Purpose, now_s: int | None
    ) -> PublicKey:
        """Return the key that the clinic's root certified for ``purpose``."""
        return certificates.key_of(self.certificate(certificate, purpose, now_s))

    def certificate(
        self, certificate: bytes | None, purpose: Purpose, now_s: int | None
    ) -> Certificate:
        """Return the judged certificate; raise Refused when it does not hold, or its key's word
        was taken back (R18)."""
        owner = self.require_owner()
        if certificate is None:
            raise Refused(StatusCode.NOT_TRUSTED, "no_certificate")
        with judging():
            judged = certificates.judge(
                certificate,
                purpose=purpose,
                clinic_id=owner.clinic_id,
                root=PublicKey(owner.clinic_root),
                now_s=now_s,
            )
            key = certificates.key_of(judged)
        self._require_unrevoked(key)
        return judged

    def statement(self, kind: type[S], envelope: bytes, key: PublicKey) -> S:
        """Return a statement for this device by ``key``; raise Refused when it does not hold."""
        with judging():
            return sign1.verify(kind, envelope, audience=self._identity.device_id, key=key)

    def root_statement(self, kind: type[S], envelope: bytes, root: bytes) -> S:
        """Return a statement for the whole clinic by one of its roots."""
        audience = self.require_owner().clinic_id
        with judging():
            return sign1.verify(kind, envelope, audience=audience, key=PublicKey(root))

    def enrolment(self, envelope: bytes, certificate: bytes, now_s: int) -> Enrolment:
        """Return the enrolment of an app that may arm for this patient (R22)."""
        key = self.certified(certificate, Purpose.ENROLMENT, now_s)
        enrolment = self.statement(Enrolment, envelope, key)
        if enrolment.patient_id != self.require_owner().patient_id:
            raise Refused(StatusCode.NOT_TRUSTED, "other_patient")
        if not enrolment.not_before_s <= now_s < enrolment.not_after_s:
            raise Refused(StatusCode.NOT_TRUSTED, "enrolment_expired")
        with judging():
            self._require_unrevoked(PublicKey(enrolment.app_key))
        return enrolment

    def app_that_signed(self, envelope: bytes) -> PublicKey:
        """Return the key of the enrolled app that an envelope names, whatever the clock says; its
        signature is still to be verified."""
        self.require_owner()
        if not self.apps:
            raise Refused(StatusCode.NOT_TRUSTED, "no_app")
        return PublicKey(self._app_named_in(envelope).key)

    def app_in_force(self, envelope: bytes, now_s: int | None) -> PublicKey:
        """Return that key where the app's enrolment is valid now."""
        key = self.app_that_signed(envelope)
        if now_s is None or now_s >= self._app_named_in(envelope).not_after_s:
            raise Refused(StatusCode.NOT_TRUSTED, "enrolment_expired")
        return key

    def app_in_control(self, envelope: bytes, now_s: int | None) -> PublicKey:
        """Return that key where the app has control too (R22)."""
        key = self.app_in_force(envelope, now_s)
        if key.key_id != self._ledger().control_key_id:
            raise Refused(StatusCode.REFUSED, "not_in_control")
        return key

    def _app_named_in(self, envelope: bytes) -> App:
        with judging():
            issuer = sign1.peek(envelope).issuer
            app = next((app for app in self.apps if app.named.key_id == issuer), None)
            if app is None:
                raise TrustError("issuer", "no enrolled app has this key")
        self._require_unrevoked(PublicKey(app.key))
        return app

    def _require_unrevoked(self, key: PublicKey) -> None:
        if self._ledger().revoked(key.key_id) is not None:
            raise Refused(StatusCode.NOT_TRUSTED, "key_revoked")


@contextlib.contextmanager
def judging() -> Iterator[None]:
    """Turn what is wrong with a key, certificate or statement into a refusal."""
    try:
        yield
    except TrustError as problem:
        raise Refused(StatusCode.NOT_TRUSTED, f"trust_{problem.code}") from problem


def _kept_prescription(data: bytes) -> KeptPrescription:
    return KeptPrescription(prescriptions.hash_of(data), prescriptions.from_bytes(data))


def _named(pages: KeptPages[KeptPrescription], named: bytes | None) -> Prescription | None:
    return next((kept.prescription for kept in pages.all if kept.hash == named), None)


def _keep(pages: KeptPages[KeptPrescription], data: bytes, in_force: bytes | None) -> None:
    pages.keep(data, beside=[kept for kept in pages.all if kept.hash == in_force])
