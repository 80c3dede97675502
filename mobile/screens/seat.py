"""The picture of the band as it sits, on whatever page it's put right."""

from __future__ import annotations

from mobile.kit.drawings.seat import SeatPicture
from mobile.kit.stack import Part
from mobile.kit.theme import Theme
from mobile.presenters.page import BandSeat


def seat_part(block: BandSeat, theme: Theme, key: str) -> Part:
    return Part(
        (key, "seat", block.initials),
        lambda: SeatPicture(theme, block.initials),
        lambda shown: shown.show(contact=block.contact, position_ok=block.position_ok),
    )
