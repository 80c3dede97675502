"""The alphabet of clinic ids: what may stand in an address, a code, a key's id and an SQL literal.

Nothing that came from outside reaches a database as a clinic's id without having this form.
"""

from __future__ import annotations

import re

FORM = "1 to 32 of a-z, 0-9 and -"
_CLINIC_ID = re.compile(r"[a-z0-9-]{1,32}")


def is_clinic_id(text: str) -> bool:
    """Return whether a text may be a clinic's id; nothing is said of whether it is one's."""
    return _CLINIC_ID.fullmatch(text) is not None
