"""What the clinic's server refuses, by its code; in its own words where the code is unknown."""

from __future__ import annotations

from mobile.language import mark, told

_WORDS = {
    "code_unknown": mark(
        "This code does not open an enrolment. Check code and birth date, or ask your clinic."
    ),
    "code_used": mark("This code was already used. Ask your clinic for a new one."),
    "code_expired": mark("This code has expired. Ask your clinic for a new one."),
    "not_set_up": mark("Your clinic is not set up yet."),
    "too_many": mark("Too many tries. Wait ten minutes and try again."),
    "not_allowed": mark("This phone is no longer the one of this treatment. Call your clinic."),
    "signature": mark("The clinic's server doesn't take this phone's word. Call your clinic."),
    "phone_revoked": mark(
        "Your clinic has taken this phone out of use. It sends and fetches nothing any more. If "
        "that's a mistake, call your clinic: a new code sets it right."
    ),
    "not_enrolled": mark("This phone isn't enrolled with a clinic yet."),
}


def refused_by_clinic(code: str, sentence: str) -> str:
    """Return the sentence for a refusal; the server's own where the code isn't known here."""
    return told(_WORDS.get(code, sentence))
