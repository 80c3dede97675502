"""bumble's UUIDs as bleak writes them: 36 characters, lower case."""

import uuid

from bumble.core import UUID


def uuid_text(value: UUID) -> str:
    """The 128-bit form, whatever length it was sent in."""
    return str(uuid.UUID(bytes=bytes(reversed(value.to_bytes(force_128=True)))))
