"""A glance: views of the coming days, made ahead from one set of facts, each true for its time."""

from __future__ import annotations

from dataclasses import dataclass

from mobile.presenters.appearance import Appearance
from mobile.presenters.views import View


@dataclass(frozen=True)
class Leaf:
    """A view that may be shown from one instant to before another, in ms of the wall clock."""

    from_ms: int
    until_ms: int
    view: View


@dataclass(frozen=True)
class Glance:
    """What a start may show at once; ``help_page`` is behind its Emergency button."""

    look: Appearance
    zone: str
    leaves: tuple[Leaf, ...]
    help_page: View

    def view_at(self, wall_ms: int | None) -> View | None:
        """Return the view for the instant, the first where it isn't known, None for none."""
        if wall_ms is None:
            return self.leaves[0].view if self.leaves else None
        for leaf in self.leaves:
            if leaf.from_ms <= wall_ms < leaf.until_ms:
                return leaf.view
        return None
