"""Secrets that people carry: made once, stored as hashes, compared by looking the hash up."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from shared.trust.clinic_ids import is_clinic_id

TOKEN_BYTES = 24


def new_token() -> str:
    """Return a fresh URL-safe secret."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """Return what is stored of a secret."""
    return hashlib.sha256(token.encode()).digest()


def split(value: str | None) -> tuple[str, str] | None:
    """Return (clinic id, secret) of ``clinic.secret``; None for anything else."""
    clinic_id, point, token = (value or "").rpartition(".")
    return (clinic_id, token) if point and token and is_clinic_id(clinic_id) else None


def cookie_secret(folder: Path) -> bytes:
    """Return the secret that seals sign-in ceremonies; made at the first start."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "cookie.secret"
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    return path.read_bytes()
