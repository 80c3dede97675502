"""What the clinic sends of care: a message, and that somebody has seen an item of the phone's.

Both come over the clinic's own connection and aren't signed beyond it: they move nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.trust.statements import ID_BYTES
from shared.wire.errors import WireError
from shared.wire.fields import wire

MESSAGE_CHARACTERS = 2_000


@dataclass(frozen=True)
class ClinicMessage:
    """A message to the person. ``author`` is how they know who wrote: initials or a role."""

    message_id: bytes = wire(1, length=ID_BYTES)
    sent_ms: int = wire(2)
    author: str = wire(3, minimum=1, maximum=64)
    text: str = wire(4, minimum=1, maximum=4 * MESSAGE_CHARACTERS)

    def __post_init__(self) -> None:
        if not self.text.strip() or len(self.text) > MESSAGE_CHARACTERS:
            raise WireError("text", f"has {len(self.text)} characters, not 1 to 2000")


@dataclass(frozen=True)
class Seen:
    """Somebody at the clinic has seen this item of the phone's, by its id."""

    item_id: str = wire(1, minimum=1, maximum=200)
    by: str = wire(2, minimum=1, maximum=16)
    at_ms: int = wire(3)
