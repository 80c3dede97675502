"""Says in words what a file of this tool holds; private halves are never shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from cloud.root_tool import files, request
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.request import CertificateRequest
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate, Transfer
from shared.wire import fields
from shared.wire.errors import WireError


def key_of(path: Path) -> PublicKey:
    """Return the public key that a request, certificate, .pub or .key file is about."""
    data = files.read(path)
    for attempt in (_private, _public, _requested, _certified):
        key = attempt(path, data)
        if key is not None:
            return key
    raise RootToolError("file", f"{path} is none of: request, certificate, public key, key")


def lines_of(path: Path) -> Iterator[str]:
    """Yield a file's content in words, one line a fact."""
    data = files.read(path)
    if data.startswith(b"-----BEGIN"):
        yield "private key (not shown)"
        yield from _key_lines(files.read_key(path).public_key)
    elif data[:1] == b"\xd2":
        yield from _envelope_lines(data)
    elif _public(path, data) is not None:
        yield "public key"
        yield from _key_lines(key_of(path))
    else:
        yield from request_lines(request.parse(data))


def request_lines(asked: CertificateRequest) -> Iterator[str]:
    """Yield a certificate request in words."""
    yield "certificate request (proves nothing by itself)"
    yield f"  for            {plain(asked.subject)}"
    yield f"  made at        {plain(asked.origin)}, RP id {plain(asked.rp_id)}"
    yield f"  may be copied  {'yes' if asked.backup_eligible else 'no'} (backup-eligible passkey)"
    yield from _key_lines(asked.key)


def plain(text: str) -> str:
    """Return text with control and direction characters escaped: it came from elsewhere."""
    return "".join(
        f"\\u{ord(c):04x}" if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" else c
        for c in text
    )


def instant(unix_s: int) -> str:
    """Return a time in UTC."""
    try:
        return f"{datetime.fromtimestamp(unix_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):
        return f"second {unix_s}"


def _key_lines(key: PublicKey) -> Iterator[str]:
    yield f"  public key     {key.data.hex()}"
    yield f"  fingerprint    {key.fingerprint}"


def _envelope_lines(envelope: bytes) -> Iterator[str]:
    known: dict[str, Callable[[object], Iterator[str]]] = {
        Certificate.TYPE: _certificate_lines,
        Transfer.TYPE: _transfer_lines,
    }
    try:
        signed = sign1.peek(envelope)
        if signed.type not in known:
            raise RootToolError("type", f"{plain(signed.type)} is not shown by this tool")
        yield f"{signed.type}, signature not checked here"
        yield f"  issuer         {signed.issuer.hex()}"
        yield f"  audience       {_audience(signed.audience)}"
        yield from known[signed.type](signed.body)
    except (TrustError, WireError) as problem:
        raise RootToolError("file", str(problem)) from problem


def _certificate_lines(body: object) -> Iterator[str]:
    certificate = fields.from_map(Certificate, body)
    yield f"  purpose        {certificate.purpose.name.lower()}"
    yield f"  for            {plain(certificate.subject)}"
    yield f"  valid          {instant(certificate.not_before_s)}"
    yield f"  until          {instant(certificate.not_after_s)}"
    if certificate.scopes:
        yield f"  scopes         {', '.join(scope.name.lower() for scope in certificate.scopes)}"
    if certificate.origin is not None:
        yield f"  signs at       {plain(certificate.origin)}"
        yield f"  RP id          {plain(certificate.rp_id or '')}"
    yield from _key_lines(PublicKey(certificate.public_key))


def _transfer_lines(body: object) -> Iterator[str]:
    transfer = fields.from_map(Transfer, body)
    yield f"  clinic         {_audience(transfer.clinic_id)}"
    yield f"  clinic root    {PublicKey(transfer.clinic_root).fingerprint}"
    yield f"  recovery root  {PublicKey(transfer.recovery_root).fingerprint}"
    yield f"  number         {transfer.number}"
    yield f"  demo           {'yes: released firmware refuses it' if transfer.demo else 'no'}"


def _audience(data: bytes) -> str:
    text = data.decode("ascii", "replace")
    return text if text.isprintable() and text.isascii() else data.hex()


def _private(path: Path, data: bytes) -> PublicKey | None:
    return files.read_key(path).public_key if data.startswith(b"-----BEGIN") else None


def _public(path: Path, data: bytes) -> PublicKey | None:
    try:
        return PublicKey(bytes.fromhex(data.decode("ascii").strip()))
    except ValueError:
        return None


def _requested(path: Path, data: bytes) -> PublicKey | None:
    try:
        return request.parse(data).key
    except RootToolError:
        return None


def _certified(path: Path, data: bytes) -> PublicKey | None:
    try:
        signed = sign1.peek(data)
        return PublicKey(fields.from_map(Certificate, signed.body).public_key)
    except (TrustError, WireError):
        return None
