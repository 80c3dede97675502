"""Signed requests of phones (RFC 9421): who sent it, unchanged, and never seen before.

A phone's clock may be wrong: ``created`` is judged within a day; what stops a replay is the nonce,
kept for longer than that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from http_message_signatures import (
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from cloud.clock import Clock, instant
from cloud.db import Database
from cloud.errors import CloudError
from cloud.phones.models import Phone, SeenNonce
from shared.trust.clinic_ids import is_clinic_id
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey

CREATED_WITHIN = timedelta(days=1)
NONCE_KEPT_MS = 3 * 86_400_000
NONCE_CHARACTERS = (16, 128)
_KEY_ID = re.compile(';keyid="([a-z0-9.-]{1,80})"')
_REVOKED = "This phone was taken out of use. Ask your clinic for a new code."
COVERED = ("@method", "@target-uri")
COVERED_WITH_BODY = (*COVERED, "content-digest")


class SignatureRefused(CloudError):
    """The request is not proven to be this phone's, or was seen before."""

    code = "signature"
    status = 401


@dataclass(frozen=True)
class Message:
    """A request as the signature library reads it."""

    method: str
    url: str
    headers: Mapping[str, str]


class RequestVerifier:
    """Verifies one request after the other against the phones' request keys."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def verify(self, message: Message, body: bytes) -> Phone:
        """Return the phone that signed this; raise SignatureRefused."""
        now_ms = self._clock.wall_ms()
        signer, nonce = self._check(message, body)
        with self._database.write(signer.clinic_id) as session:
            phone = session.get_one(Phone, (signer.clinic_id, signer.phone_id))
            if phone.revoked_ms is not None:
                raise SignatureRefused(_REVOKED, code="phone_revoked")
            seen = (phone.clinic_id, phone.phone_id, nonce)
            if session.get(SeenNonce, seen) is not None:
                raise SignatureRefused("This request was already received.", code="replay")
            session.add(
                SeenNonce(
                    clinic_id=phone.clinic_id, phone_id=phone.phone_id, nonce=nonce, seen_ms=now_ms
                )
            )
            session.execute(
                delete(SeenNonce).where(
                    SeenNonce.clinic_id == phone.clinic_id,
                    SeenNonce.phone_id == phone.phone_id,
                    SeenNonce.seen_ms < now_ms - NONCE_KEPT_MS,
                )
            )
            phone.seen_ms = max(phone.seen_ms, now_ms)
        return phone

    def _check(self, message: Message, body: bytes) -> tuple[Phone, str]:
        keys = _PhoneKeys(self._database)
        verifier = _Verifier(self._clock, keys)
        try:
            (result,) = verifier.verify(
                message,
                max_age=CREATED_WITHIN,
                require_components=COVERED_WITH_BODY if body else COVERED,
                body=body,
            )
        except (InvalidSignature, HTTPMessageSignaturesException, ValueError) as problem:
            if keys.fault is not None:
                raise keys.fault from None
            raise SignatureRefused("The request's signature does not hold.") from problem
        nonce = result.parameters.get("nonce")
        if (
            not isinstance(nonce, str)
            or not NONCE_CHARACTERS[0] <= len(nonce) <= (NONCE_CHARACTERS[1])
        ):
            raise SignatureRefused("The request's signature has no usable nonce.")
        if keys.phone is None:
            raise SignatureRefused("The request's signature does not hold.")
        return keys.phone, nonce


def phone_name(phone: Phone) -> str:
    """Return the phone's id as it stands in ``keyid``: clinic, point, hexadecimal."""
    return f"{phone.clinic_id}.{phone.phone_id.hex()}"


def claimed_name(headers: Mapping[str, str]) -> str:
    """Return which phone a request says that it is from, which nothing has proven yet; else ""."""
    found = _KEY_ID.search(headers.get("signature-input", ""))
    return found[1] if found else ""


class _PhoneKeys(HTTPSignatureKeyResolver):
    """Looks the request key up, and remembers whose it was."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.phone: Phone | None = None
        self.fault: SQLAlchemyError | None = None
        """Why nothing could be looked up: the library would call that a wrong signature."""

    def resolve_public_key(self, key_id: str) -> ec.EllipticCurvePublicKey | None:
        clinic_id, _, name = key_id.rpartition(".")
        if not is_clinic_id(clinic_id):
            return None
        try:
            with self._database.read(clinic_id) as session:
                self.phone = session.get(Phone, (clinic_id, bytes.fromhex(name)))
            if self.phone is not None and phone_name(self.phone) != key_id:
                self.phone = None  # one phone has one name, by which its uploads are counted
            return PublicKey(self.phone.request_key).point() if self.phone else None
        except (ValueError, TrustError):
            return None
        except SQLAlchemyError as problem:
            self.fault = problem
            return None

    def resolve_private_key(self, key_id: str) -> Any:
        raise SignatureRefused("The cloud holds no phone's key.")


class _Verifier(HTTPMessageVerifier):
    """The library's verifier by the cloud's clock instead of the machine's."""

    def __init__(self, clock: Clock, keys: _PhoneKeys) -> None:
        super().__init__(signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=keys)
        self._clock = clock

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        created = sig_input.params.get("created")
        if created is None:
            raise InvalidSignature('Signature is missing a required "created" parameter')
        at = self._instant(created)
        if abs(at - instant(self._clock.wall_ms())) > CREATED_WITHIN:
            raise InvalidSignature("Signature was made too long ago or in the future")

    def _instant(self, created: Any) -> datetime:
        if type(created) is not int or not 0 <= created < 2**33:
            raise InvalidSignature("Signature was made at no readable time")
        return instant(created * 1000)
