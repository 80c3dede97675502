"""What went wrong between phone and band, for the person: what it means, and what to do now.

The link's own sentences name operations, limits and codes; those are for a log. Not for what the
band refuses: its words stand in `mobile.presenters.refusals`.
"""

from __future__ import annotations

from firmware_bridge.link import (
    AttributeRefused,
    BlobNotTaken,
    CommandUncertain,
    LinkError,
    LinkSilent,
    LinkTimeout,
    NoSessionKey,
    TransferBroken,
)
from mobile.language import _, mark, n_, told
from shared.wire.blob_parts import Verdict
from shared.wire.operations import Operation

IF_IT_STAYS = mark("If this stays, call your clinic.")
_NEARER = mark("Hold the phone closer to the band and try again.")
_UNCERTAIN = {
    Operation.ARM: mark(
        "The band's answer was lost on the way, so this session was called off. Nothing was given. "
        "Try again."
    ),
    Operation.GATE_ANSWERS: mark(
        "The band's answer was lost on the way. Send them once more: it does no harm."
    ),
    Operation.START: mark(
        "The band's answer was lost on the way. Look at the band: its light says whether it has "
        "begun."
    ),
    Operation.OPEN_START_WINDOW: mark(
        "The band's answer was lost on the way. Touch START again, or press the button on the band."
    ),
    Operation.RESUME: mark(
        "The band's answer was lost on the way. If it doesn't go on, touch it again."
    ),
    Operation.STOP: mark(
        "The band's answer was lost on the way. If it hasn't stopped, press the button on the band."
    ),
    Operation.PAUSE: mark(
        "The band's answer was lost on the way. If it hasn't paused, press the button on the band."
    ),
}
_NOT_TAKEN = {
    Verdict.GO_ON: mark("It came incomplete. Nothing of it was kept."),
    Verdict.OTHER_BYTES: mark("It was changed on the way. Nothing of it was kept."),
    Verdict.REFUSED: mark("The band doesn't know what this is. Nothing was changed."),
}
_LATE = {
    "search": mark(
        "No band was found. Hold its button for three seconds, until its light turns, and try "
        "again."
    ),
    "press the band's button": mark("Nobody pressed the band's button in time. Try again."),
}


def link_words(problem: LinkError) -> str:
    """Return the sentence for an error of the link."""
    match problem:
        case CommandUncertain():
            known = _UNCERTAIN.get(problem.operation)
            return told(known) if known else _nearer(_("The band's answer was lost on the way."))
        case LinkTimeout():
            return _late(problem.what)
        case TransferBroken():
            broken = _(
                "Part of what the band sent came broken. Nothing of it was kept; it's asked for "
                "again."
            )
            return f"{broken} {told(IF_IT_STAYS)}"
        case BlobNotTaken():
            return told(_NOT_TAKEN[problem.verdict])
        case AttributeRefused():
            strange = _("Phone and band didn't understand each other. Try again.")
            return f"{strange} {told(IF_IT_STAYS)}"
        case NoSessionKey():
            return _("This phone hasn't armed the session. Get ready again.")
        case LinkSilent():
            return n_(
                "The band has said nothing for {count} second.",
                "The band has said nothing for {count} seconds.",
                round(problem.silent_ms / 1000),
            ).format(count=round(problem.silent_ms / 1000))
    return told(str(problem))


def _late(what: str) -> str:
    if what in _LATE:
        return told(_LATE[what])
    if what == "connect":
        return _nearer(_("The band couldn't be reached."))
    return _nearer(_("The band didn't answer in time."))


def _nearer(words: str) -> str:
    return f"{words} {told(_NEARER)}"
