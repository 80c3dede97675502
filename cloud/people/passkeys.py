"""Passkey ceremonies of signing in (WebAuthn, RP id: the pages' host).

A ceremony is a sealed, short-lived cookie with its challenge; the answer is good once. These
passkeys open pages; no device accepts what they sign.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import webauthn
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, generate_challenge
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from cloud.errors import Refused, SharingEnded
from cloud.language import mark
from cloud.limits.service import Tried
from cloud.people import service
from cloud.people.models import Member, SignInKey
from shared.trust.clinic_ids import is_clinic_id

CEREMONY_MS = 5 * 60_000
STAFF_ID_BYTES = 16
_UNKNOWN = mark("This passkey does not open these pages.")


@dataclass(frozen=True)
class Site:
    """The relying party: RP id, exact origin and the secret that seals ceremonies."""

    rp_id: str
    origin: str
    secret: bytes

    def seal(self, purpose: str, challenge: bytes, *, now_ms: int) -> str:
        """Return the ceremony's cookie."""
        value = {"challenge": bytes_to_base64url(challenge), "begun_ms": now_ms}
        return str(URLSafeSerializer(self.secret, salt=purpose).dumps(value))

    def challenge(self, purpose: str, cookie: str | None, *, now_ms: int) -> bytes:
        """Return the challenge of a ceremony that still runs."""
        try:
            value = URLSafeSerializer(self.secret, salt=purpose).loads(cookie or "")
        except BadSignature as problem:
            raise Refused("That took too long, or came from elsewhere. Try again.") from problem
        if not 0 <= now_ms - value["begun_ms"] <= CEREMONY_MS:
            raise Refused("That took too long. Try again.")
        return base64url_to_bytes(value["challenge"])


def registration_options(site: Site, member: Member, clinic_name: str) -> tuple[str, bytes]:
    """Return the options for the browser as JSON, and the challenge in them."""
    challenge = generate_challenge()
    options = webauthn.generate_registration_options(
        rp_id=site.rp_id,
        rp_name=clinic_name,
        user_id=user_handle(member),
        user_name=member.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
    )
    return webauthn.options_to_json(options), challenge


def finish_registration(
    session: Session, site: Site, member: Member, answer: dict[str, Any], challenge: bytes, now: int
) -> None:
    """Store the passkey that the browser made; ``now`` is Unix milliseconds."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
        )
    except (WebAuthnException, ValueError, KeyError) as problem:
        raise Refused("The passkey's answer does not hold. Nothing was stored.") from problem
    service.use_challenge(session, member.clinic_id, challenge, now_ms=now)
    service.add_sign_in_key(
        session, member, made.credential_id, made.credential_public_key, now_ms=now
    )


def sign_in_options(site: Site) -> tuple[str, bytes]:
    """Return the options for the browser as JSON, and the challenge in them."""
    challenge = generate_challenge()
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options), challenge


def step_up_options(site: Site, credentials: list[bytes]) -> tuple[str, bytes]:
    """Return the options for answering once more by one of these passkeys, and the challenge."""
    challenge = generate_challenge()
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in credentials],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options), challenge


def tried(session: Session, answer: dict[str, Any]) -> Tried:
    """Return which passkey answers, and whether the clinic knows it."""
    key = _answering_key(session, answer)
    if key is not None:
        return Tried(key.credential_id, is_known=True)
    return Tried(str(answer.get("rawId")).encode("utf-8", "replace"))


def finish_sign_in(
    session: Session, site: Site, answer: dict[str, Any], challenge: bytes, *, now_ms: int
) -> Member:
    """Return the member whose passkey answered; one sentence for every refusal."""
    return _verified(session, site, _answering_key(session, answer), answer, challenge, now_ms)


def finish_step_up(
    session: Session,
    site: Site,
    member: Member,
    answer: dict[str, Any],
    challenge: bytes,
    *,
    now_ms: int,
) -> None:
    """Check that one of this member's passkeys answered; the same sentence for every refusal."""
    try:
        found = session.get(SignInKey, (member.clinic_id, base64url_to_bytes(answer["rawId"])))
    except (KeyError, TypeError, ValueError):
        found = None
    own = found if found is not None and found.staff_id == member.staff_id else None
    _verified(session, site, own, answer, challenge, now_ms)


def _verified(
    session: Session,
    site: Site,
    key: SignInKey | None,
    answer: dict[str, Any],
    challenge: bytes,
    now_ms: int,
) -> Member:
    try:
        if key is None:
            raise ValueError("unknown passkey")
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError) as problem:
        raise Refused(_UNKNOWN) from problem
    service.use_challenge(session, key.clinic_id, challenge, now_ms=now_ms)
    key.sign_count = verified.new_sign_count
    member = session.get_one(Member, (key.clinic_id, key.staff_id))
    if member.left_ms is not None:
        if service.is_caregiver(session, member.clinic_id, member.staff_id):
            raise SharingEnded(_UNKNOWN)
        raise Refused(_UNKNOWN)
    return member


def user_handle(member: Member) -> bytes:
    """Return the handle that a passkey keeps: staff id, then the clinic's."""
    return member.staff_id + member.clinic_id.encode()


def clinic_of_answer(answer: dict[str, Any]) -> str:
    """Return the clinic that the answering passkey's handle names; raise Refused if none."""
    try:
        clinic_id = _handle(answer)[STAFF_ID_BYTES:].decode()
    except (KeyError, TypeError, ValueError) as problem:
        raise Refused(_UNKNOWN) from problem
    if not is_clinic_id(clinic_id):
        raise Refused(_UNKNOWN)
    return clinic_id


def _handle(answer: dict[str, Any]) -> bytes:
    return base64url_to_bytes(answer["response"]["userHandle"])


def _answering_key(session: Session, answer: dict[str, Any]) -> SignInKey | None:
    try:
        credential_id = base64url_to_bytes(answer["rawId"])
    except (KeyError, TypeError, ValueError):
        return None
    key = session.get(SignInKey, (clinic_of_answer(answer), credential_id))
    return key if key is not None and key.staff_id == _handle(answer)[:STAFF_ID_BYTES] else None


def parse_answer(body: bytes) -> dict[str, Any]:
    """Return the browser's JSON object; raise Refused."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise Refused("The answer is not readable.") from problem
    if not isinstance(value, dict):
        raise Refused("The answer is not readable.")
    return value
