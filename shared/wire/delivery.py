"""A band as its maker delivers it to a clinic: one file with its certificate and its transfer.

Unsigned itself: whoever reads it judges the two that it holds by the maker's key.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.trust.statements import ID_BYTES
from shared.wire.fields import wire


@dataclass(frozen=True)
class Delivery:
    """The band's id, its serial as it's printed on it, its certificate (audience: the device), and
    the transfer to the clinic."""

    device_id: bytes = wire(1, length=ID_BYTES)
    serial: str = wire(2, minimum=1, maximum=48)
    certificate: bytes = wire(3, minimum=1, maximum=700)
    transfer: bytes = wire(4, minimum=1, maximum=700)
