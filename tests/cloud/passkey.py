"""A signing passkey as the desk's browser would use it, made of a software key."""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from shared.trust import challenge
from shared.trust.keys import SoftwareKey
from shared.trust.passkey import Assertion
from shared.trust.statements import Scope
from shared.wire import canonical, fields
from tests.cloud.worlds import Identity, certify_staff

DESK = "http://desk.localhost:1"
CREDENTIAL_ID = b"credential-of-a-test"


class SigningPasskey:
    """One certified passkey."""

    def __init__(
        self,
        identity: Identity,
        origin: str = DESK,
        scopes: tuple[Scope, ...] = (Scope.PRESCRIBE, Scope.LIFT_HOLD),
    ) -> None:
        self.key = SoftwareKey.generate()
        self.origin = origin
        self.certificate = certify_staff(identity, self.key, CREDENTIAL_ID, origin, scopes)

    def answer(
        self,
        statements: list[bytes],
        origin: str | None = None,
        kind: str = challenge.PRESCRIPTION_TYPE,
    ) -> str:
        """Return the desk's answer to statements of a kind, as it stands in the fragment."""
        digests = tuple(challenge.digest(kind, statement) for statement in statements)
        asked = base64.urlsafe_b64encode(challenge.challenge(digests)).rstrip(b"=").decode()
        client_data = (
            f'{{"type":"webauthn.get","challenge":"{asked}",'
            f'"origin":"{origin or self.origin}","crossOrigin":false}}'
        ).encode()
        authenticator = hashlib.sha256(b"desk.localhost").digest() + b"\x05" + bytes(4)
        signature = self.der(authenticator + hashlib.sha256(client_data).digest())
        assertion = Assertion(authenticator, client_data, signature, digests)
        answer = canonical.encode({1: fields.to_map(assertion), 2: CREDENTIAL_ID})
        return base64.urlsafe_b64encode(answer).rstrip(b"=").decode()

    def der(self, message: bytes) -> bytes:
        """Return the signature as an authenticator writes it."""
        raw = self.key.sign(message)
        return encode_dss_signature(
            int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        )


def read_request(fragment: str) -> list[bytes]:
    """Return the statements that a page hands to the desk."""
    data = base64.urlsafe_b64decode(fragment + "=" * (-len(fragment) % 4))
    value = canonical.decode(data)
    return [statement[2] for statement in value[1]]
