"""What the band's refusals mean, in words; the lock's own reasons have theirs in `shared`."""

from __future__ import annotations

from shared.dose.reasons import WORDS, ReasonCode

_WORDS = {
    "nonce_unknown": "This request was made for another moment. The band answers each one once.",
    "bad_request": "What reached the band was broken on the way. Try again.",
    "no_blob_begun": "What was sent to the band didn't arrive whole. Try again.",
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
    "assignment_not_newer": "This is from before the band's last owner. It has to be signed anew.",
    "catalogue_not_accepted": "Your clinic has to accept the band's list of treatments first.",
    "catalogue_not_closed": "What your clinic accepted leaves figures unchecked.",
    "control_otherwise": "This request says something else than what was asked.",
    "demo_owner": "This band is for real use. A demo clinic can't have it.",
    "hand_over_otherwise": "What was signed is for something else than what was asked.",
    "head_not_current": "The band's record went on since it was signed. It has to be signed anew.",
    "hold_known": "This pause was here before and has ended.",
    "hold_not_yours": "Only the phone that asked for the pause can take it back.",
    "hold_unknown": "This pause isn't the one on the band.",
    "holds_open": "A pause has to be lifted by your clinic first.",
    "issued_in_the_future": "This plan is dated later than the band's clock. Call your clinic.",
    "key_revoked": "The clinic no longer accepts the word of who signed it.",
    "nonce_void": "A session came in between. Your clinic has to sign it anew.",
    "not_in_control": "Another phone has control of the band. Take control first.",
    "not_the_final_head": "What came isn't the old band's last word.",
    "nothing_gained": "The band knows of at least so much time already.",
    "nothing_to_lift": "There is nothing to lift in what was signed.",
    "old_device_at_large": "The old band may still treat. It has to be handed in first.",
    "opening_below_course": "The plan forgets sessions that this band gave itself.",
    "other_boot": "The band was restarted since. Your clinic has to sign it anew.",
    "other_catalogue": "What your clinic accepted is another list than the band's.",
    "other_coil": "This plan is for another coil.",
    "other_head": "What was signed is about another record than the band's.",
    "other_session": "These answers are about another session than the last one.",
    "postponement_unknown": "This isn't the wait that the band keeps.",
    "retired": "This band is out of use.",
    "revocation_known": "The band knows this already.",
    "revocation_not_next": "Earlier messages from your clinic have to reach the band first.",
    "revocation_until": "The date in it is too far away.",
    "revocations_full": "The band has no room for more of these messages. Call your clinic.",
    "rotation_known": "The band knows this already.",
    "rotation_not_next": "Earlier messages from your clinic have to reach the band first.",
    "staff_word_unreadable": "What came from your clinic can't be read.",
    "take_back_late": "The minute in which this can be taken back is over.",
    "transfer_not_newer": "The band needs a newer transfer from its maker.",
    "trust_origin": "It was signed at a place that the band doesn't accept.",
    "trust_rp_id": "It was signed at a place that the band doesn't accept.",
    "trust_cross_origin": "It was signed inside another page. The band doesn't accept that.",
    "trust_issuer": "It is signed by a key that your clinic hasn't certified.",
    "trust_signature": "Its signature doesn't hold.",
    "trust_bytes": "What was signed is something else than what came.",
    "trust_challenge": "What was signed is something else than what came.",
    "trust_scope": "Who signed it may not sign this.",
    "trust_expired": "The signer's certificate has expired.",
    "certificate_too_long": "Your clinic has to renew the key that speaks to the band.",
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
