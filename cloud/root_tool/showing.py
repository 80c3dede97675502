"""Says in words what a file of this tool holds; private halves are never shown."""

from __future__ import annotations

import base64
import dataclasses
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from cloud.root_tool import files, key_folder, request
from cloud.root_tool.errors import RootToolError
from cloud.root_tool.register import Register
from cloud.root_tool.request import CertificateRequest
from shared.trust import sign1, statements
from shared.trust.errors import TrustError
from shared.trust.keys import KEY_BYTES, PublicKey
from shared.trust.statements import Certificate, Transfer
from shared.wire import fields
from shared.wire.errors import WireError

_OPENING = b"\xd2"
KNOWN: dict[str, type[Any]] = {
    kind.TYPE: kind
    for kind in vars(statements).values()
    if isinstance(kind, type) and hasattr(kind, "TYPE")
}


def key_of(path: Path) -> PublicKey:
    """Return the public key that a request, certificate, .pub or .key file is about."""
    data = files.read(path)
    for attempt in (_private, _public, _requested, _certified):
        key = attempt(path, data)
        if key is not None:
            return key
    raise RootToolError("file", f"{path} is none of: request, certificate, public key, key")


def lines_of(path: Path, *, by: PublicKey | None = None) -> Iterator[str]:
    """Yield a file's content in words, one line a fact; ``by`` is who should have signed it."""
    data = files.read(path)
    if data.startswith(key_folder.PRIVATE_OPENING):
        protected = "protected by a password" if key_folder.is_protected(data) else "not protected"
        yield f"private key (not shown), {protected}"
        yield from _key_lines(key_folder.public_half(path))
    elif path.suffix == ".jsonl":
        yield from _register_lines(Register.load(path))
    elif _envelope(data) is not None:
        yield from _envelope_lines(_envelope(data) or b"", by)
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


def certificate_lines(certificate: Certificate) -> Iterator[str]:
    """Yield a certificate's content in words."""
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
    yield f"  key id         {key.key_id.hex()}"


def _register_lines(register: Register) -> Iterator[str]:
    yield f"register of {len(register.lines)} numbered statements"
    for line in register.lines:
        yield from (f"  {text}" for text in _envelope_lines(line.envelope, None))


def _envelope_lines(envelope: bytes, by: PublicKey | None) -> Iterator[str]:
    try:
        signed = sign1.peek(envelope)
        if signed.type not in KNOWN:
            raise RootToolError("type", f"{plain(signed.type)} is not shown by this tool")
        yield f"{signed.type}, {_judged(envelope, signed, by)}"
        yield f"  issuer         {signed.issuer.hex()}"
        yield f"  audience       {_readable(signed.audience)}"
        statement = fields.from_map(KNOWN[signed.type], signed.body)
        yield from _SPECIAL.get(type(statement), _field_lines)(statement)
    except (TrustError, WireError) as problem:
        raise RootToolError("file", str(problem)) from problem


def _judged(envelope: bytes, signed: sign1.Signed, by: PublicKey | None) -> str:
    if by is None:
        return "signature not checked here"
    sign1.verify(KNOWN[signed.type], envelope, audience=signed.audience, key=by)
    return f"signed by {by.fingerprint}"


def _field_lines(statement: Any) -> Iterator[str]:
    """Yield any statement, one field a line, by the fields' own names."""
    for each in dataclasses.fields(statement):
        said = _said(each.name, getattr(statement, each.name))
        yield f"  {each.name.removesuffix('_s').replace('_', ' '):14} {said}"


def _said(name: str, value: Any) -> str:
    if name.endswith("_s") and type(value) is int and not name.startswith("postpone"):
        return instant(value)
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, bytes):
        return _bytes_said(name, value)
    if isinstance(value, tuple):
        return ", ".join(_said("", item) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else plain(str(value))


def _bytes_said(name: str, value: bytes) -> str:
    if len(value) == KEY_BYTES:
        return f"fingerprint {PublicKey(value).fingerprint}"
    return _readable(value) if name == "clinic_id" else value.hex()


def _transfer_lines(transfer: Transfer) -> Iterator[str]:
    yield f"  clinic         {_readable(transfer.clinic_id)}"
    yield f"  clinic root    {PublicKey(transfer.clinic_root).fingerprint}"
    yield f"  recovery root  {PublicKey(transfer.recovery_root).fingerprint}"
    yield f"  number         {transfer.number}"
    yield f"  demo           {'yes: released firmware refuses it' if transfer.demo else 'no'}"


_SPECIAL: dict[type[Any], Callable[[Any], Iterator[str]]] = {
    Certificate: certificate_lines,
    Transfer: _transfer_lines,
}


def _readable(data: bytes) -> str:
    text = data.decode("ascii", "replace")
    return text if text.isprintable() and text.isascii() else data.hex()


def _envelope(data: bytes) -> bytes | None:
    """Return an envelope as it is, or from its text in base64url; None for anything else."""
    if data.startswith(_OPENING):
        return data
    try:
        packed = b"".join(data.split()).rstrip(b"=")
        read = base64.b64decode(packed + b"=" * (-len(packed) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    return read if read.startswith(_OPENING) else None


def _private(path: Path, data: bytes) -> PublicKey | None:
    opening = key_folder.PRIVATE_OPENING
    return key_folder.public_half(path) if data.startswith(opening) else None


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
        signed = sign1.peek(_envelope(data) or b"")
        return PublicKey(fields.from_map(Certificate, signed.body).public_key)
    except (TrustError, WireError):
        return None
