"""What the app says of an update of the band: that it goes on, and how it ended."""

from __future__ import annotations

from firmware_bridge.link.update import Confirmed, Outcome, Refused, RolledBack
from mobile.language import _


def begun() -> tuple[str, str]:
    """Title and body while the band gets it."""
    return (
        _("The band gets an update"),
        _("It takes some minutes, and no session can begin meanwhile. Leave the band near here."),
    )


def ended(outcome: Outcome) -> tuple[str, str]:
    """Title and body of how it ended."""
    match outcome:
        case Confirmed():
            return _("The band is up to date"), _("It tested itself and keeps the update.")
        case RolledBack():
            return (
                _("The band went back"),
                _("The update didn't pass the band's own test. The band works as before."),
            )
        case Refused():
            return (
                _("The band didn't take the update"),
                _("It works as before. There is nothing that you have to do."),
            )
        case _:
            return (
                _("The update isn't finished"),
                _("Leave the band near this phone. If it stays silent, call your clinic."),
            )
