"""The certificate request that the signing desk puts out for a clinician's new passkey.

It proves nothing by itself: the root's holder compares its fingerprint with the person (R19).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cloud.root_tool.errors import RootToolError
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import KEY_BYTES
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.fields import wire


@dataclass(frozen=True)
class CertificateRequest:
    """A passkey's public half, and the site that it was made at."""

    public_key: bytes = wire(1, length=KEY_BYTES)
    credential_id: bytes = wire(2, minimum=1, maximum=128)
    subject: str = wire(3, minimum=1, maximum=64)
    rp_id: str = wire(4, minimum=1, maximum=64)
    origin: str = wire(5, minimum=1, maximum=96)
    backup_eligible: bool = wire(6)

    @property
    def key(self) -> PublicKey:
        """The key that is to be certified."""
        return PublicKey(self.public_key)


def parse(text: bytes) -> CertificateRequest:
    """Return the request of a file's text (base64url); raise RootToolError for anything else."""
    packed = b"".join(text.split()).rstrip(b"=")
    try:
        data = base64.b64decode(packed + b"=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        request = fields.unpack(CertificateRequest, data)
        request.key.point()
    except (binascii.Error, WireError, TrustError) as problem:
        raise RootToolError("request", f"this is no certificate request: {problem}") from problem
    return request
