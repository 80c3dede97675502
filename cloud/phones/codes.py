"""One-time codes (`shared.trust.letter_codes`), judged slowly, and few of them at once.

The secret groups of an enrolment code and the birth date go through scrypt (RFC 7914), which gives
what is stored to compare with, and the key of the initials: whoever has the database alone has
neither. Costs and their reason: docs/vault.md, "Enrolment codes".
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.care.caregiver import verifier_of
from shared.trust.letter_codes import ALPHABET, CODE_BYTES, Code, made_of, read_code

__all__ = [
    "ALPHABET",
    "AT_ONCE",
    "Code",
    "Derived",
    "derive",
    "derive_of_caregiver",
    "new_code",
    "read_code",
]

SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1
SCRYPT_BYTES = 128 * SCRYPT_N * SCRYPT_R
"""Memory of one try, 16 MiB."""
AT_ONCE = 2
"""So many tries at once in a process: the rest wait, so that a flood takes no memory."""
VERIFIER_BYTES = 32
_NONCE_BYTES = 12
_trying = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Derived:
    """What a code and a birth date come to: bytes to compare, and a key that is stored nowhere."""

    verifier: bytes
    key: bytes

    def seal(self, initials: str) -> bytes:
        """Return the initials, for whoever has code and birth date."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, initials.encode(), self.verifier)

    def open(self, sealed: bytes) -> str | None:
        """Return the initials; None where they were sealed by another code or birth date."""
        nonce, data = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return AESGCM(self.key).decrypt(nonce, data, self.verifier).decode()
        except (InvalidTag, ValueError):
            return None


def new_code(clinic_id: str) -> str:
    """Return a fresh code that names its clinic."""
    return made_of(clinic_id, secrets.token_bytes(CODE_BYTES))


def derive(code: Code, birth_date: date) -> Derived:
    """Return what is stored of a code, and its key; takes some hundredths of a second.

    Ingest calls it outside of its transactions: SQLite has one writer.
    """
    with _trying:
        found = hashlib.scrypt(
            f"{code.secret}/{birth_date.isoformat()}".encode(),
            salt=f"circlet/enrol/v2/{code.clinic_id}/{code.code_id}".encode(),
            n=SCRYPT_N,
            r=SCRYPT_R,
            p=SCRYPT_P,
            maxmem=2 * SCRYPT_BYTES,
            dklen=2 * VERIFIER_BYTES,
        )
    return Derived(found[:VERIFIER_BYTES], found[VERIFIER_BYTES:])


def derive_of_caregiver(code: Code) -> bytes:
    """Return what an invitation of somebody close is compared with; as slow, and as few at once."""
    with _trying:
        return verifier_of(code)
