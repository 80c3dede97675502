"""What the band's refusals mean, in words; the lock's own reasons have theirs in `shared`."""

from __future__ import annotations

from shared.dose.reasons import WORDS, ReasonCode

_WORDS = {
    "nonce_unknown": "This request was made for another moment. The band answers each one once.",
    "not_idle": "The band is busy with something else just now.",
    "not_armed": "The band is no longer armed. Get ready again.",
    "press_the_button": "Press the button on the band.",
    "no_app": "The band doesn't know this phone's app yet.",
    "enrolment_expired": "This phone's enrolment has ended. Ask your clinic for a new code.",
    "other_device": "This plan is for another band.",
    "other_patient": "This is for another person.",
    "other_clinic": "This plan is from another clinic.",
    "other_prescription": "The band has another plan than this phone shows.",
    "outside_envelope": "This plan is outside the limits that the band keeps by itself.",
    "prescription_unreadable": "What came as a plan can't be read.",
    "serial_not_next": "This plan isn't the next one after the plan on the band.",
    "serial_taken": "Another plan with this number is on the band already.",
    "already_installed": "This plan is on the band already.",
    "replaces_another": "This plan replaces one that isn't on the band.",
    "install_by_passed": "This plan came too late. Your clinic can send it anew.",
    "blob_truncated": "It came incomplete. Nothing of it was kept.",
    "blob_hash": "It was changed on the way. Nothing of it was kept.",
    "clock_not_trusted": "The band doesn't know the time yet.",
    "out_of_service": "The band needs service. Call your clinic.",
    "part_failed": "The band needs service. Call your clinic.",
    "clock_step": "The band's clock and the clinic's differ too much. Call your clinic.",
    "trust_origin": "It was signed at a place that the band doesn't accept.",
    "trust_rp_id": "It was signed at a place that the band doesn't accept.",
    "trust_cross_origin": "It was signed inside another page. The band doesn't accept that.",
    "trust_issuer": "It is signed by a key that your clinic hasn't certified.",
    "trust_signature": "Its signature doesn't hold.",
    "trust_bytes": "What was signed is something else than what came.",
    "trust_challenge": "What was signed is something else than what came.",
    "trust_scope": "Who signed it may not prescribe.",
    "trust_expired": "The signer's certificate has expired.",
    "trust_purpose": "It is signed by a key that is for something else.",
}
_UNKNOWN = "The band didn't accept it ({code}). Nothing was changed."


def refusal_words(code: str, reasons: tuple[int, ...] = ()) -> str:
    """Return the sentence for a refusal: the lock's reasons where it has some."""
    known = [WORDS[ReasonCode(reason)] for reason in reasons if reason in _REASONS]
    if known:
        return " ".join(known)
    return _WORDS.get(code, _UNKNOWN.format(code=code))


_REASONS = {int(code) for code in ReasonCode}
