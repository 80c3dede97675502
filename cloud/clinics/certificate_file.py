"""A certificate as people carry it: the file of `circlet-root`, or its text in base64url."""

from __future__ import annotations

import base64
import binascii

from cloud.errors import Refused

COSE_SIGN1_TAG = b"\xd2"


def read_certificate(data: bytes) -> bytes:
    """Return the envelope's bytes; raise Refused for what is neither."""
    if data.startswith(COSE_SIGN1_TAG):
        return data
    packed = b"".join(data.split()).rstrip(b"=")
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as problem:
        raise Refused("This file is no certificate.", code="certificate") from problem
