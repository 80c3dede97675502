"""Why something that came isn't taken, in a person's words: by the stable code of the reason.

The reasons' own sentences are for a log: they name fields, limits and keys, in English.
"""

from __future__ import annotations

from mobile.language import _, mark, told

_FORGED = mark("What came doesn't carry the right signature.")
_STRANGER = mark("What came is signed by somebody whom your clinic hasn't named.")
_OTHERS = mark("What came is meant for another phone, band or person.")
_UNREADABLE = mark("What came can't be read.")

DISTRUST = {
    **dict.fromkeys(("signature", "mac", "digest", "algorithm"), _FORGED),
    **dict.fromkeys(("certificate", "issuer", "key", "user", "backup"), _STRANGER),
    **dict.fromkeys(("audience", "recipient", "scope", "purpose", "type", "enrolment"), _OTHERS),
    **dict.fromkeys(("origin", "cross_origin", "rp_id", "challenge"), _OTHERS),
    **dict.fromkeys(("body", "bytes", "envelope", "list", "sealed", "size"), _UNREADABLE),
    "expired": mark("What came is out of date."),
    "not_yet": mark("What came isn't valid yet: perhaps a clock is wrong."),
    "replay": mark("What came was here already."),
    "arm": mark("The band answered something else than it was asked."),
    "head": mark("The record is of another band, or of another moment."),
}
"""By `TrustError.code`."""

CLOCK = {
    "timebase.lost": mark(
        "The clock that this app follows is gone. Close the app and open it again."
    ),
    "timebase.refused": mark("The clock that this app follows doesn't take what it was asked."),
}
"""By `TimebaseError.code`."""


def distrust_words(code: str) -> str:
    """Return what to know and to do where something signed isn't taken."""
    return _not_taken(told(DISTRUST.get(code, _UNREADABLE)), code)


def unreadable_words(field: str) -> str:
    """Return the same where a value breaks its limit; ``field`` is for the clinic."""
    return _not_taken(told(_UNREADABLE), field)


def record_words(number: int) -> str:
    """Return the sentence for a band's record that doesn't follow the one before."""
    return _(
        "The band's record doesn't fit together. Nothing of it was kept; it's asked for again. "
        "(For the clinic: record {number}.)"
    ).format(number=number)


def clock_words(code: str) -> str:
    """Return the sentence where the clock that a trial follows fails."""
    return told(CLOCK.get(code, CLOCK["timebase.lost"]))


def _not_taken(reason: str, code: str) -> str:
    return _("{reason} Nothing was changed. Call your clinic. (For the clinic: {code}.)").format(
        reason=reason, code=code
    )
