"""What the band's refusals mean, in words; the lock's own reasons have theirs in `shared`."""

from __future__ import annotations

from mobile.language import _, mark, told
from shared.dose.reasons import WORDS, ReasonCode

_WORDS = {
    "nonce_unknown": mark(
        "This request was made for another moment. The band answers each one once."
    ),
    "bad_request": mark("What reached the band was broken on the way. Try again."),
    "not_idle": mark("The band is busy with something else just now."),
    "not_armed": mark("The band is no longer armed. Get ready again."),
    "press_the_button": mark("Press the button on the band."),
    "no_app": mark("The band doesn't know this phone's app yet."),
    "enrolment_expired": mark("This phone's enrolment has ended. Ask your clinic for a new code."),
    "other_device": mark("This plan is for another band."),
    "other_patient": mark("This is for another person."),
    "other_clinic": mark("This plan is from another clinic."),
    "other_prescription": mark("The band has another plan than this phone shows."),
    "outside_envelope": mark("This plan is outside the limits that the band keeps by itself."),
    "prescription_unreadable": mark("What came as a plan can't be read."),
    "serial_not_next": mark("This plan isn't the next one after the plan on the band."),
    "serial_taken": mark("Another plan with this number is on the band already."),
    "already_installed": mark("This plan is on the band already."),
    "replaces_another": mark("This plan replaces one that isn't on the band."),
    "install_by_passed": mark("This plan came too late. Your clinic can send it anew."),
    "clock_not_trusted": mark("The band doesn't know the time yet."),
    "out_of_service": mark("The band needs service. Call your clinic."),
    "part_failed": mark("The band needs service. Call your clinic."),
    "clock_step": mark("The band's clock and the clinic's differ too much. Call your clinic."),
    "assignment_not_newer": mark(
        "This is from before the band's last owner. It has to be signed anew."
    ),
    "catalogue_not_accepted": mark(
        "Your clinic has to accept the band's list of treatments first."
    ),
    "catalogue_not_closed": mark("What your clinic accepted leaves figures unchecked."),
    "control_otherwise": mark("This request says something else than what was asked."),
    "demo_owner": mark("This band is for real use. A demo clinic can't have it."),
    "hand_over_otherwise": mark("What was signed is for something else than what was asked."),
    "head_not_current": mark(
        "The band's record went on since it was signed. It has to be signed anew."
    ),
    "hold_known": mark("This pause was here before and has ended."),
    "hold_not_yours": mark("Only the phone that asked for the pause can take it back."),
    "hold_unknown": mark("This pause isn't the one on the band."),
    "holds_open": mark("A pause has to be lifted by your clinic first."),
    "issued_in_the_future": mark(
        "This plan is dated later than the band's clock. Call your clinic."
    ),
    "key_revoked": mark("The clinic no longer accepts the word of who signed it."),
    "nonce_void": mark("A session came in between. Your clinic has to sign it anew."),
    "not_in_control": mark("Another phone has control of the band. Take control first."),
    "not_the_final_head": mark("What came isn't the old band's last word."),
    "head_before_wait": mark("What was signed is older than your last session."),
    "nothing_gained": mark("The band knows of at least so much time already."),
    "nothing_to_lift": mark("There is nothing to lift in what was signed."),
    "old_device_at_large": mark("The old band may still treat. It has to be handed in first."),
    "opening_below_course": mark("The plan forgets sessions that this band gave itself."),
    "other_boot": mark("The band was restarted since. Your clinic has to sign it anew."),
    "other_catalogue": mark("What your clinic accepted is another list than the band's."),
    "other_coil": mark("This plan is for another coil."),
    "other_head": mark("What was signed is about another record than the band's."),
    "other_session": mark("These answers are about another session than the last one."),
    "postponement_unknown": mark("This isn't the wait that the band keeps."),
    "retired": mark("This band is out of use."),
    "revocation_known": mark("The band knows this already."),
    "revocation_not_next": mark("Earlier messages from your clinic have to reach the band first."),
    "revocation_until": mark("The date in it is too far away."),
    "revocations_full": mark("The band has no room for more of these messages. Call your clinic."),
    "rotation_known": mark("The band knows this already."),
    "rotation_not_next": mark("Earlier messages from your clinic have to reach the band first."),
    "staff_word_unreadable": mark("What came from your clinic can't be read."),
    "take_back_late": mark("The minute in which this can be taken back is over."),
    "transfer_not_newer": mark("The band needs a newer transfer from its maker."),
    "trust_origin": mark("It was signed at a place that the band doesn't accept."),
    "trust_rp_id": mark("It was signed at a place that the band doesn't accept."),
    "trust_cross_origin": mark("It was signed inside another page. The band doesn't accept that."),
    "trust_issuer": mark("It is signed by a key that your clinic hasn't certified."),
    "trust_signature": mark("Its signature doesn't hold."),
    "trust_bytes": mark("What was signed is something else than what came."),
    "trust_challenge": mark("What was signed is something else than what came."),
    "trust_scope": mark("Who signed it may not sign this."),
    "trust_expired": mark("The signer's certificate has expired."),
    "certificate_too_long": mark("Your clinic has to renew the key that speaks to the band."),
    "trust_purpose": mark("It is signed by a key that is for something else."),
}


def refusal_words(code: str, reasons: tuple[int, ...] = ()) -> str:
    """Return the sentence for a refusal: the lock's reasons where it has some."""
    known = [told(WORDS[ReasonCode(reason)]) for reason in reasons if reason in _REASONS]
    if known:
        return " ".join(known)
    if code in _WORDS:
        return told(_WORDS[code])
    return _("The band didn't accept it ({code}). Nothing was changed.").format(code=code)


_REASONS = {int(code) for code in ReasonCode}
