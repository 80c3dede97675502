"""RFC 9421: each request is signed by the phone's request key, with a nonce of its own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from http_message_signatures import HTTPMessageSigner, algorithms
from http_message_signatures.httpx2 import adapt_message
from httpx2 import Request

from shared.trust.keys import Signer

COVERED = ("@method", "@target-uri")
LABEL = "circlet"
_NONCE_BYTES = 16


@dataclass(frozen=True)
class RequestSigner:
    """Signs requests as one enrolled phone; the content digest is always covered."""

    phone_id: str
    key: Signer

    def sign(self, request: Request, *, created_ms: int) -> None:
        """Put digest and signature into the request's headers."""
        signer = HTTPMessageSigner(signature_algorithm=algorithms.ECDSA_P256_SHA256)
        message = adapt_message(request)
        prepared = signer.prepare(
            message,
            key_id=self.phone_id,
            created=datetime.fromtimestamp(created_ms // 1000, tz=UTC),
            nonce=secrets.token_urlsafe(_NONCE_BYTES),
            label=LABEL,
            covered_component_ids=COVERED,
            body=request.content,
        )
        signer.apply(message, prepared, self.key.sign(prepared.signature_base))
