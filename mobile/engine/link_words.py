"""What went wrong between phone and band, for the person: what it means, and what to do now.

The link's own sentences name operations, limits and codes; those are for a log. Not for what the
band refuses: its words stand in `mobile.presenters.refusals`.
"""

from __future__ import annotations

from firmware_bridge.link import (
    AttributeRefused,
    CommandUncertain,
    LinkError,
    LinkTimeout,
    NoSessionKey,
    TransferBroken,
)
from shared.wire.operations import Operation

IF_IT_STAYS = "If this stays, call your clinic."
_NEARER = "Hold the phone closer to the band and try again."
_UNCERTAIN = {
    Operation.ARM: "The band's answer was lost on the way, so this session was called off. Nothing "
    "was given. Try again.",
    Operation.GATE_ANSWERS: "The band's answer was lost on the way. Send them once more: it does "
    "no harm.",
    Operation.START: "The band's answer was lost on the way. Look at the band: its light says "
    "whether it has begun.",
    Operation.OPEN_START_WINDOW: "The band's answer was lost on the way. Touch START again, or "
    "press the button on the band.",
    Operation.RESUME: "The band's answer was lost on the way. If it doesn't go on, touch it again.",
    Operation.STOP: "The band's answer was lost on the way. If it hasn't stopped, press the button "
    "on the band.",
    Operation.PAUSE: "The band's answer was lost on the way. If it hasn't paused, press the button "
    "on the band.",
}
_UNCERTAIN_OTHERWISE = f"The band's answer was lost on the way. {_NEARER}"
_LATE = {
    "search": "No band was found. Hold its button for three seconds, until its light turns, and "
    "try again.",
    "connect": f"The band couldn't be reached. {_NEARER}",
    "press the band's button": "Nobody pressed the band's button in time. Try again.",
}
_LATE_OTHERWISE = f"The band didn't answer in time. {_NEARER}"


def link_words(problem: LinkError) -> str:
    """Return the sentence for an error of the link."""
    match problem:
        case CommandUncertain():
            return _UNCERTAIN.get(problem.operation, _UNCERTAIN_OTHERWISE)
        case LinkTimeout():
            return _LATE.get(problem.what, _LATE_OTHERWISE)
        case TransferBroken():
            return (
                "Part of what the band sent came broken. Nothing of it was kept; it's asked for "
                f"again. {IF_IT_STAYS}"
            )
        case AttributeRefused():
            return f"Phone and band didn't understand each other. Try again. {IF_IT_STAYS}"
        case NoSessionKey():
            return "This phone hasn't armed the session. Get ready again."
    return str(problem)
