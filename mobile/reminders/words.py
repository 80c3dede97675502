"""What a reminder says. On a locked screen everybody reads it: nothing clinical unless allowed."""

from __future__ import annotations

from mobile.language import _, mark, told
from mobile.platform.notices import Words
from mobile.reminders.planning import Kind

_SAID = {
    Kind.SESSION: mark("Your session is open. Take your time."),
    Kind.CHECKIN: mark("A check-in is due. It takes a few minutes."),
    Kind.QUESTIONS: mark("The safety questions can be answered again now."),
    Kind.CLEARANCE: mark(
        "Open Circlet where this phone has a network: the band needs word from your clinic soon."
    ),
    Kind.CHARGE: mark("The band needs charging before the next session."),
}


def reminder_words(kinds: tuple[Kind, ...], *, says_what: bool) -> Words:
    """Return a reminder's words; ``says_what`` is what the person allowed."""
    if not says_what:
        return nothing_clinical()
    return Words("Circlet", " ".join(told(_SAID[kind]) for kind in kinds))


def nothing_clinical() -> Words:
    """Return the words that tell a stranger nothing."""
    return Words("Circlet", _("Something is due today."))
