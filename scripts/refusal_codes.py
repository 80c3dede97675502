"""Finds every code with which the firmware can refuse a request, and says what it means.

The codes are read from the source of the firmware core, so that none can be left out. Codes made
of a name (a blob's kind, a state, a check of `shared.trust`) are written out one by one.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.emulator.firmware.states import TABLE as STATES
from firmware_bridge.emulator.firmware.states import refusal_in
from shared.wire.operations import BlobKind

TREE = Path(__file__).resolve().parent.parent
FIRMWARE = TREE / "firmware_bridge/emulator/firmware"
TRUST = TREE / "shared/trust"
MEANINGS = {
    "already_installed": "the same bytes are in force",
    "already_provisioned": "the band belongs to a clinic",
    "assignment_not_newer": "the assignment's number is not above the last one of this clinic",
    "bad_request": "no request of the table, or a field outside its limits",
    "catalogue_not_accepted": "the clinic's root has not accepted this firmware's catalogue (R26)",
    "catalogue_not_closed": "the acceptance leaves recalled figures open (R26)",
    "certificate_too_long": "the clearance key's certificate is for more than 14 days (R20)",
    "clearance_from_the_future": "issued more than ten minutes after the band's clock",
    "clearance_not_newer": "issued before the one in force",
    "clock_not_trusted": "needs a trusted wall clock, and there is none",
    "clock_step": "the token is before the newest record, or corrects by too much (R7)",
    "control_otherwise": "a statement to take control where it is to be given up, or the reverse",
    "course_not_opened": "another course, and the bytes don't say `new_course`",
    "demo_owner": "a released band takes no demo clinic (R25)",
    "enrolment_expired": "the app's enrolment is not valid now, or no clock says so",
    "enrolment_not_newer": "the enrolment's number is not above the one in force",
    "ephemeral_key": "the arm request's ephemeral key is no point of P-256",
    "hand_over_otherwise": "the hand-over is signed for another purpose",
    "head_not_current": "the hand-over is not over the present head, or a record came since",
    "hold_known": "a hold of the clinic's with this number was placed before, and has ended",
    "hold_not_yours": "another app placed the hold, or this one before the last boot",
    "hold_source": "the hold names another source than the key that signed it",
    "hold_unknown": "no such hold is open, or the line names another record",
    "holds_open": "a safety hold is open",
    "install_by_passed": "the signed bytes were to be installed earlier",
    "issued_in_the_future": "issued more than ten minutes after the band's clock",
    "key_revoked": "the clinic's root took the key's word back (R18)",
    "link_not_secure": "the link is not encrypted, authenticated LE Secure Connections",
    "locked": "the dose lock says no; the answer lists its reasons",
    "no_app": "no app is enrolled",
    "no_certificate": "needs a certificate beside the statement, or a blob of one",
    "nonce_expired": "the nonce was given too long ago; it is used up",
    "nonce_unknown": "the nonce is not the newest one given for this purpose",
    "nonce_void": "a session came since the nonce was given",
    "not_armed": "needs an armed session",
    "not_idle": "needs an idle band",
    "not_in_control": "another enrolled app has control, or none (R22)",
    "not_paused": "needs a paused session",
    "not_provisioned": "the band belongs to no clinic yet",
    "not_repositioning": "only between the parts of a session of two sites",
    "not_stimulating": "no session is running",
    "not_the_final_head": "not the retired device's last head that the prescription names",
    "not_titrating": "no titration is under way",
    "nothing_gained": "no more time is attested than is proven already",
    "nothing_to_lift": "the statement names neither a hold nor a postponement",
    "old_device_at_large": "the replaced device may still treat (R24)",
    "opening_below_course": "the opening balance is below what this device charged to the course",
    "other_boot": "the time was attested in another boot",
    "other_catalogue": "the acceptance is of another catalogue than the firmware's",
    "other_clinic": "the prescription is of another clinic",
    "other_coil": "the prescription is for another coil than the device's",
    "other_device": "the prescription is for another device",
    "other_head": "the record has no such head",
    "other_patient": "the statement names another patient than the band's",
    "other_prescription": "the arm request names another prescription than the one in force",
    "other_session": "the answers are not about the last session",
    "out_of_service": "the band is in FAULT and takes no owner",
    "outside_envelope": "a limit of the envelope is broken (R13, R14, R31)",
    "part_failed": "a part of the hardware did not do its job; the band stays in FAULT",
    "postponement_unknown": "the statement names another postponement than the present one",
    "prescription_unreadable": "the blob is not canonical CBOR of a signed prescription",
    "press_the_button": "waits for a press of the band's button",
    "receipt_beyond_head": "the receipt names a record beyond the last head that was sent",
    "receipt_not_newer": "the receipt is not above the one in force",
    "receipt_other_epoch": "the receipt is for another epoch of the ledger",
    "receipt_other_hash": "the receipt's hash is not that of the record that it names",
    "record_overwritten": "the record was receipted and overwritten for room",
    "enrolment_not_next": "the enrolment's number is more than 1,000 above the newest",
    "head_before_wait": "the head is before the last session, hold or postponement (R4, R6)",
    "head_without_clock": "the head's record has no trusted clock to measure from (R6)",
    "more_than_passed": "more time than the trusted wall clock has seen pass (R6)",
    "record_too_long": "the opening balance's figures don't fit into a record",
    "replaces_another": "`replaces_hash` is not the hash of the one in force",
    "retired": "the device is out of use until its maker transfers it anew",
    "revocation_known": "the revocation's number was taken before",
    "revocation_not_next": "revocations before this one are missing",
    "revocation_until": "what a prescriber who left had signed stands at most 30 days",
    "revocations_full": "no room for another revoked key; sessions lock by clearance",
    "rotation_known": "the rotation's number was taken before",
    "rotation_not_next": "rotations before this one are missing",
    "serial_not_next": "the serial is below the one in force, or more than 1,000 above",
    "serial_taken": "the serial in force, with other bytes",
    "staff_word_unreadable": "the blob is not canonical CBOR of a signed staff word",
    "take_back_late": "more than 60 s after the hold was placed",
    "titration_pulses_used": "the titration has given all its pulses",
    "titration_too_soon": "the last single pulse of the titration is too recent",
    "transfer_not_newer": "the maker's transfer is not above the last one",
    "unknown_operation": "the number has no line in the table of operations",
}


@dataclass(frozen=True)
class RefusalCode:
    """One code with the names of the statuses it comes with and the files that say it."""

    code: str
    statuses: tuple[str, ...]
    files: tuple[str, ...]


def refusal_codes() -> list[RefusalCode]:
    """Return every code that stands in the firmware, in alphabetical order."""
    found: dict[str, set[tuple[str, str]]] = {}
    for path in sorted(FIRMWARE.glob("*.py")):
        for status, code in _codes_in(ast.parse(path.read_text("utf-8"))):
            found.setdefault(code, set()).add((status, path.name))
    for status, code in _codes_of_states():
        found.setdefault(code, set()).add((status, "states.py"))
    return [_refusal_code(code, places) for code, places in sorted(found.items())]


def trust_codes() -> dict[str, str]:
    """Return every check of `shared.trust` that a request can fail, with its sentences.

    On the wire `trust_` stands before the code. Sealing is the phone's and the cloud's alone.
    """
    found: dict[str, set[str]] = {}
    for path in sorted(TRUST.glob("*.py")):
        if path.name == "sealing.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node) == "TrustError":
                code, sentence = node.args
                found.setdefault(ast.literal_eval(code), set()).add(_sentence(sentence))
    return {code: "; ".join(sorted(filter(None, found[code]))) for code in sorted(found)}


def meaning(code: str) -> str:
    """Return what a code means; a new one needs its line in MEANINGS."""
    if code in MEANINGS:
        return MEANINGS[code]
    kinds = {f"no_{kind.name.lower()}": kind.name for kind in BlobKind}
    if code in kinds:
        return f"needs a whole blob of kind {kinds[code]}"
    raise LookupError(f"scripts/refusal_codes.py: MEANINGS has no line for {code!r}")


def _refusal_code(code: str, places: set[tuple[str, str]]) -> RefusalCode:
    statuses = tuple(sorted({status for status, _ in places}))
    return RefusalCode(code, statuses, tuple(sorted({name for _, name in places})))


def _codes_of_states() -> Iterator[tuple[str, str]]:
    """Yield what the table of states refuses with."""
    for row in STATES.values():
        for state, cell in row.items():
            if cell.refusal:
                status, code = refusal_in(state, cell)
                yield status.name, code


def _codes_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if _name(node) == "Refused" and len(node.args) >= 2:
            for code in _texts(node.args[1], tree):
                yield _status(node.args[0]), code
        elif _name(node) == "Answer" and len(node.args) == 3:
            refusal = node.args[2]
            if isinstance(refusal, ast.Call) and _name(refusal) == "Refusal":
                for code in _texts(refusal.args[0], tree):
                    yield _status(node.args[1]), code


def _texts(node: ast.expr, tree: ast.Module) -> list[str]:
    """The texts that an argument can be: a literal, a name given literals, or a known family."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        return _family(ast.unparse(node), tree)
    if isinstance(node, ast.Name):
        return [
            text
            for given in ast.walk(tree)
            if isinstance(given, ast.Assign) and ast.unparse(given.targets[0]) == node.id
            for text in _literals(given.value)
        ]
    if isinstance(node, ast.Attribute):
        return []
    raise LookupError(f"a refusal's code can't be read from the source: {ast.unparse(node)}")


def _literals(node: ast.expr) -> list[str]:
    return [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]


def _family(written: str, tree: ast.Module) -> list[str]:
    if "trust_" in written:
        return []
    if "no_" in written and "kind" in written:
        return [f"no_{kind.name.lower()}" for kind in BlobKind]
    if "not_" in written and "state" in written:
        return sorted({f"not_{state.lower()}" for state in _required_states(tree)})
    raise LookupError(f"a family of refusal codes that nobody wrote out: {written}")


def _required_states(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) == "_require" and node.args:
            yield _status(node.args[0])


def _sentence(node: ast.expr) -> str:
    """A sentence as its source has it, with dots for what is only known when it's said."""
    if not isinstance(node, ast.JoinedStr):
        return str(node.value) if isinstance(node, ast.Constant) else ""
    parts = (part.value if isinstance(part, ast.Constant) else "..." for part in node.values)
    return "".join(map(str, parts))


def _status(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _name(node: ast.Call) -> str:
    return ast.unparse(node.func).rpartition(".")[2]
