"""A made-up prescriber's passkey: signs as a browser's does at the signing desk."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from cloud.demo_data.chance import DemoKey
from cloud.prescriptions.service import DeskAnswer
from shared.trust import challenge
from shared.trust.passkey import USER_PRESENT, USER_VERIFIED, Assertion


class DemoPasskey:
    """One certified passkey; ``credential_id`` names it."""

    def __init__(self, key: DemoKey, credential_id: bytes, rp_id: str, origin: str) -> None:
        self.key, self.credential_id = key, credential_id
        self._rp_id, self._origin = rp_id, origin

    def sign(self, prescription: bytes) -> DeskAnswer:
        """Return what the desk hands back for one prescription."""
        digests = (challenge.digest(challenge.PRESCRIPTION_TYPE, prescription),)
        asked = base64.urlsafe_b64encode(challenge.challenge(digests)).rstrip(b"=").decode()
        client_data = (
            f'{{"type":"webauthn.get","challenge":"{asked}",'
            f'"origin":"{self._origin}","crossOrigin":false}}'
        ).encode()
        flags = bytes([USER_PRESENT | USER_VERIFIED]) + bytes(4)
        authenticator = hashlib.sha256(self._rp_id.encode()).digest() + flags
        signature = self._der(authenticator + hashlib.sha256(client_data).digest())
        return DeskAnswer(
            Assertion(authenticator, client_data, signature, digests), self.credential_id
        )

    def _der(self, message: bytes) -> bytes:
        raw = self.key.sign(message)
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        return encode_dss_signature(r, s)
