"""What the phone asks and what the band answers, in plain words.

One sentence for each operation and status. Not for patients: they read the app's words.
"""

from __future__ import annotations

from shared.dose.reasons import WORDS, ReasonCode
from shared.wire.blob_parts import Verdict, Word
from shared.wire.operations import Answer, Operation, Refusal, StatusCode
from shared.wire.status import Status, Telemetry

ASKS: dict[Operation, str] = {
    Operation.HELLO: "who the band is",
    Operation.NONCE: "for a nonce",
    Operation.PROVISION: "to make the band a clinic's",
    Operation.AUTHORIZE_APP: "to be let in as a patient's app",
    Operation.SET_TIME: "to set the clock",
    Operation.INSTALL: "to install a prescription",
    Operation.CLEARANCE: "to take the clinic's clearance",
    Operation.GATE_ANSWERS: "to take answers to the safety questions",
    Operation.ARM: "to arm",
    Operation.OPEN_START_WINDOW: "to let the button start now",
    Operation.START: "to start",
    Operation.RESUME: "to go on after a pause",
    Operation.PAUSE: "to pause",
    Operation.STOP: "to stop",
    Operation.CLOSE: "to end the session",
    Operation.BEAT: "nothing: its beat says that it is there",
    Operation.STILL_HERE: "nothing: the person is still here",
    Operation.PLACE_HOLD: "to place a hold",
    Operation.HEAD: "for a signed head of the ledger",
    Operation.SESSION_OUTCOME: "what became of a session",
    Operation.REQUEST_OUTCOME: "what became of a request whose answer was lost",
    Operation.LOCATE: "to make itself seen and heard",
    Operation.LIFT_HOLD: "to lift a hold",
    Operation.TAKE_BACK: "to take a hold back",
    Operation.CONFIRM_HOLD: "to confirm a hold",
    Operation.POSTPONE: "to postpone the session",
    Operation.REVOKE: "to revoke a key",
    Operation.ROTATE_ROOT: "to change the clinic's root",
    Operation.ACCEPT_CATALOGUE: "to accept a catalogue of protocols",
    Operation.TAKE_CONTROL: "to be the phone that commands",
    Operation.RELEASE_CONTROL: "to command no more",
    Operation.SUPERVISE: "to take a word that trained staff is present",
    Operation.TRAINING_DONE: "to note that the training is done",
    Operation.SIDE_EFFECT_ANSWERS: "to take answers about side effects",
    Operation.ATTEST_TIME: "to take a clinician's word for the time",
    Operation.RECEIPT: "to take the clinic's receipt for records",
    Operation.RESET: "to reset the band for another owner",
    Operation.RETIRE: "to retire the band",
    Operation.SOFTEN: "to soften the pulses",
    Operation.TITRATE: "to change the pulse to be measured",
    Operation.REPOSITIONED: "to go on: the coil has been moved",
    Operation.PRACTICE: "to practise, without a pulse",
    Operation.SELF_TEST: "to test itself",
}
"""What stands behind `The phone asks`."""

VERDICTS: dict[Verdict, str] = {
    Verdict.WHOLE: "it is here whole",
    Verdict.GO_ON: "go on behind byte {held}",
    Verdict.OTHER_BYTES: "it was changed on the way, nothing of it is kept",
    Verdict.REFUSED: "there is no such document",
}
"""What the band says of a document's stream."""

STATUSES: dict[StatusCode, str] = {
    StatusCode.OK: "done",
    StatusCode.BAD_REQUEST: "the request can't be read",
    StatusCode.UNKNOWN_OPERATION: "it has no such operation",
    StatusCode.WRONG_STATE: "not in this state",
    StatusCode.LOCKED: "locked",
    StatusCode.NOT_TRUSTED: "it doesn't trust the signature",
    StatusCode.NONCE_UNKNOWN: "the nonce is used, too old or unknown",
    StatusCode.BUTTON_NEEDED: "its button has to be pressed",
    StatusCode.NOT_PROVISIONED: "it belongs to no clinic yet",
    StatusCode.ALREADY: "it has been done before",
    StatusCode.REFUSED: "refused",
    StatusCode.FAULT: "it is out of service",
}


def asked(operation: Operation) -> str:
    """What the phone wants."""
    return f"The phone asks {ASKS[operation]}."


def answered(operation: Operation, answer: Answer) -> str:
    """What the band says to it."""
    name = operation.name.lower().replace("_", " ")
    if answer.status is StatusCode.OK:
        return f"The band answers {name}: done."
    because = STATUSES[answer.status]
    if isinstance(answer.result, Refusal):
        because += _because(answer.result)
    return f"The band refuses {name}: {because}."


def _because(refusal: Refusal) -> str:
    reasons = [WORDS[ReasonCode(code)].rstrip(".") for code in refusal.reasons]
    if reasons:
        return ", because: " + "; ".join(reasons)
    return f" ({refusal.code.replace('_', ' ')})" if refusal.code else ""


def of_a_document(word: Word) -> str:
    """What the band says of a document that is being sent."""
    return f"The band says of the document: {VERDICTS[word.verdict].format(held=word.held)}."


def status(seen: Status) -> str:
    """How the band says it is."""
    state = seen.state.name.lower().replace("_", " ")
    course = "" if seen.train is None else f", train {seen.train} of {seen.trains}"
    if seen.charged_pulses is not None:
        course += f", {seen.charged_pulses} of {seen.planned_pulses} pulses charged"
    contact = "" if seen.contact else ", no contact"
    place = "" if seen.position_ok else ", out of place"
    locks = f", {len(seen.reasons)} lock reasons" if seen.reasons else ", nothing locks"
    return (
        f"Status: {state}{course}{contact}{place}{locks}; battery {seen.battery_percent} %, "
        f"coil {seen.coil_temperature_c} °C."
    )


def telemetry(sample: Telemetry) -> str:
    """One sample."""
    contact = "contact" if sample.contact else "no contact"
    return (
        f"Sample: coil {sample.coil_temperature_c} °C, battery {sample.battery_percent} %, "
        f"{contact}, {sample.charged_pulses} pulses charged."
    )
