"""One-time enrolment codes: ``clinic-XXXX-XXXX-XXXX``, 60 random bits in letters that read well."""

from __future__ import annotations

import hashlib
import re
import secrets

from shared.trust.clinic_ids import is_clinic_id

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP_LETTERS = 3, 4
_SECRET = re.compile(
    rf"[{ALPHABET}]{{{GROUP_LETTERS}}}(-[{ALPHABET}]{{{GROUP_LETTERS}}}){{{GROUPS - 1}}}"
)
_MISREAD = str.maketrans("OIL", "011")


def new_code(clinic_id: str) -> str:
    """Return a fresh code that names its clinic."""
    groups = (
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LETTERS)) for _ in range(GROUPS)
    )
    return "-".join((clinic_id, *groups))


def read_code(text: str) -> tuple[str, bytes] | None:
    """Return (clinic id, hash) of a code as a person types it; None if it has no such form."""
    parts = text.strip().replace(" ", "").rsplit("-", GROUPS)
    if len(parts) != GROUPS + 1 or not is_clinic_id(parts[0]):
        return None
    secret = "-".join(parts[1:]).upper().translate(_MISREAD)
    if not _SECRET.fullmatch(secret):
        return None
    return parts[0], code_hash(parts[0], secret)


def code_hash(clinic_id: str, secret: str) -> bytes:
    """Return what is stored of a code."""
    return hashlib.sha256(f"circlet/enrol/{clinic_id}/{secret}".encode()).digest()
