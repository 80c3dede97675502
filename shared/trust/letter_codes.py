"""One-time codes that people type: ``clinic-XXXX-XXXX-XXXX``, 60 random bits in letters that read
well. The first group finds the code and is no secret; the other two are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.trust.clinic_ids import is_clinic_id

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP_LETTERS = 3, 4
CODE_BYTES = GROUPS * GROUP_LETTERS
"""Random bytes that a code is made of: one for each letter, of which five bits count."""
_SECRET = re.compile(
    rf"[{ALPHABET}]{{{GROUP_LETTERS}}}(-[{ALPHABET}]{{{GROUP_LETTERS}}}){{{GROUPS - 1}}}"
)
_MISREAD = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Code:
    """A code as it was read: its clinic, the group that finds it, the groups that are secret."""

    clinic_id: str
    code_id: str
    secret: str


def made_of(clinic_id: str, random: bytes) -> str:
    """Return the code that names its clinic, made of CODE_BYTES random bytes."""
    if len(random) != CODE_BYTES:
        raise ValueError(f"a code is made of {CODE_BYTES} random bytes, not of {len(random)}")
    letters = "".join(ALPHABET[each % len(ALPHABET)] for each in random)
    groups = (letters[at : at + GROUP_LETTERS] for at in range(0, CODE_BYTES, GROUP_LETTERS))
    return "-".join((clinic_id, *groups))


def read_code(text: str) -> Code | None:
    """Return a code as a person types it; None if it has no such form."""
    parts = text.strip().replace(" ", "").rsplit("-", GROUPS)
    if len(parts) != GROUPS + 1 or not is_clinic_id(parts[0]):
        return None
    secret = "-".join(parts[1:]).upper().translate(_MISREAD)
    if not _SECRET.fullmatch(secret):
        return None
    code_id, _, rest = secret.partition("-")
    return Code(parts[0], code_id, rest)
