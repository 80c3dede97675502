"""TLS as this app uses it: certificate and name verified, then the keys judged, then the request.

The judging is part of the handshake: a server that isn't the clinic's never sees a request.
"""

from __future__ import annotations

import hashlib
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate

Judge = Callable[[tuple[bytes, ...]], None]
"""Takes the keys of a verified chain, the server's own first; raises KeysRefused."""


class KeysRefused(ssl.SSLError):
    """The certificate holds, but not for the server that this phone knows."""


def judged_context(judge: Judge, authority: Path | None = None) -> ssl.SSLContext:
    """Return a context that trusts the system's authorities, or the one in a file, and lets
    ``judge`` have the last word on each handshake."""

    class JudgedConnection(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            judge(tuple(_key_of(certificate) for certificate in _verified_chain(self)))

    context = (
        httpx2.create_ssl_context(trust_env=False)
        if authority is None
        else ssl.create_default_context(cafile=str(authority))
    )
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslobject_class = JudgedConnection
    return context


def _verified_chain(connection: Any) -> list[bytes]:
    """The chain as it was verified, leaf first, in DER."""
    if sys.version_info >= (3, 13):
        return list(connection.get_verified_chain())
    # The same chain, before Python 3.13 gave it a public name.
    return [
        ssl.PEM_cert_to_DER_cert(certificate.public_bytes())
        for certificate in connection._sslobj.get_verified_chain()
    ]


def _key_of(certificate: bytes) -> bytes:
    key = load_der_x509_certificate(certificate).public_key()
    return hashlib.sha256(
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).digest()
