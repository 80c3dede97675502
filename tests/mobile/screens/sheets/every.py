"""Every view that there's a sample of, in the language spoken.

Samples are made at import in the language spoken then, so a process draws one language alone:
it speaks it first, and calls this afterwards.
"""

from __future__ import annotations

from mobile.presenters.views import View

SHOWN_BY_HAND = (
    "blocks",
    "message",
    "message-plain",
    "today-long-words",
)
"""What is written by hand stands in for a presenter elsewhere; these show a part of the kit."""


def every_view() -> dict[str, View]:
    """Return the views by name, those of one area beside each other."""
    from tests.mobile.screens.samples import BY_HAND, SAMPLES
    from tests.mobile.screens.spoken import SPOKEN

    made = {name: make() for name, make in SPOKEN.items()}
    others = {name: view for name, view in SAMPLES.items() if BY_HAND.get(name) is not view}
    shown = {f"kit-{name}": BY_HAND[name] for name in SHOWN_BY_HAND}
    return {**others, **made, **shown}
