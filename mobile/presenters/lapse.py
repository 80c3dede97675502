"""How long sessions go on without the clinic, said days before they stop.

The band takes its clinic's word for a while only (R20). As long as there's a network the phone
renews it by itself, and nobody need know of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _
from mobile.presenters.views import Notice, Row, Tone
from mobile.presenters.words import Now, day_and_time


@dataclass(frozen=True)
class ClearanceFacts:
    """The clinic's word on the band: when it ends, and how long one lasts."""

    ends_wall_ms: int
    life_ms: int


def lapse_notice(now: Now, clearance: ClearanceFacts | None) -> Notice | None:
    """Return the notice, from half of the word's life on: a network renews it long before."""
    if clearance is None or not _is_near(now, clearance):
        return None
    if clearance.ends_wall_ms <= now.wall_ms:
        return Notice(
            _("Sessions wait for your clinic"),
            _(
                "The clinic's permission has run out: the band hasn't had it anew. Take this phone "
                "to a network, and the app fetches it; the sessions move and don't fall away. Your "
                "record is kept on this phone and on the band, nothing of it is lost. If you have "
                "no network, call your clinic."
            ),
            Tone.WAIT,
        )
    return Notice(
        _("Sessions are possible until {day_and_time}").format(
            day_and_time=day_and_time(now, clearance.ends_wall_ms)
        ),
        _(
            "Your clinic hasn't been reached for a while. After that the band waits for word from "
            "it. Take this phone to a network, and all goes on by itself. Your record is kept on "
            "this phone and on the band until then. If you have no network, call your clinic."
        ),
        Tone.WAIT,
    )


def lapse_row(now: Now, clearance: ClearanceFacts | None, *, reachable: bool) -> Row | None:
    """Return the line of the day's screen, while the clinic can't be reached."""
    if clearance is None or reachable:
        return None
    if clearance.ends_wall_ms <= now.wall_ms:
        return Row(_("Without your clinic"), _("No sessions until it's reached"))
    until = day_and_time(now, clearance.ends_wall_ms)
    return Row(
        _("Without your clinic"), _("Sessions until {day_and_time}").format(day_and_time=until)
    )


def _is_near(now: Now, clearance: ClearanceFacts) -> bool:
    return clearance.ends_wall_ms - now.wall_ms <= clearance.life_ms // 2
