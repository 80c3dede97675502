"""What a part can do about the room that its page has: the page asks for no more than this.

So a page needs to know none of the parts themselves, and a start imports those alone that it draws.
"""

from __future__ import annotations

from mobile.kit.stack import Stack


class Roomy:
    """A picture in the body of a page: as large as what the other parts leave."""

    def take_room(self, height_px: float) -> None:
        """Be so high, within its own least and greatest size."""
        raise NotImplementedError


class TwoForms(Stack):
    """Pinned above the body; ``is_flat`` where there was no room for the full form."""

    @property
    def is_flat(self) -> bool:
        raise NotImplementedError

    def take_room(self, height_px: float) -> None:
        """Choose the form by the room, and let the full one grow with it."""
        raise NotImplementedError


class Leaning:
    """Stands in the body below the two forms, and leans as the one that is shown."""

    def follow(self, *, flat: bool) -> None:
        raise NotImplementedError
