"""Which refusals each operation can give: families that many share, and codes of its own.

By hand, and held both ways: every code listed here is driven through the firmware core
(`test_refusal_families.py`, `test_refusals_listed.py`), and no test of the firmware may meet one
that isn't (`tests/firmware_bridge/emulator/firmware/band.py`). What any request can be refused
with, and what the table of states refuses, is not listed.
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.emulator.firmware.states import TABLE as STATES
from firmware_bridge.emulator.firmware.states import refusal_in
from shared.wire.operations import Operation

ANY_REQUEST = ("bad_request", "unknown_operation", "link_not_secure", "part_failed")
"""What every operation can be refused with."""

OWNER = "owner"
STATEMENT = "statement"
CERTIFICATE = "certificate"
APP = "app"
VALID_APP = "valid app"
CONTROL = "app in control"
STAFF = "staff word"
ASSERTION = "assertion"
NONCE = "nonce"
SEALED = "session key"

_STATEMENT = (
    "trust_envelope",
    "trust_algorithm",
    "trust_body",
    "trust_type",
    "trust_audience",
    "trust_issuer",
    "trust_signature",
)
_CERTIFICATE = (
    *_STATEMENT,
    "trust_purpose",
    "trust_not_yet",
    "trust_expired",
    "trust_key",
    "key_revoked",
)
_ASSERTION = (
    "trust_scope",
    "trust_list",
    "trust_bytes",
    "trust_type",
    "trust_challenge",
    "trust_origin",
    "trust_cross_origin",
    "trust_rp_id",
    "trust_user",
    "trust_backup",
    "trust_signature",
)
_APP = (*_STATEMENT, "no_app", "key_revoked")

FAMILIES: dict[str, tuple[str, ...]] = {
    OWNER: ("not_provisioned", "retired"),
    STATEMENT: _STATEMENT,
    CERTIFICATE: _CERTIFICATE,
    APP: _APP,
    VALID_APP: (*_APP, "enrolment_expired"),
    CONTROL: (*_APP, "enrolment_expired", "not_in_control"),
    ASSERTION: _ASSERTION,
    STAFF: (
        *_CERTIFICATE,
        *(code for code in _ASSERTION if code not in _CERTIFICATE),
        "staff_word_unreadable",
        "clock_not_trusted",
    ),
    NONCE: ("nonce_unknown", "nonce_expired"),
    SEALED: ("not_armed", "trust_mac", "trust_replay"),
}


@dataclass(frozen=True)
class Refusals:
    """Families by name, and what an operation refuses beside them."""

    families: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """All codes."""
        return frozenset(self.own).union(*(FAMILIES[name] for name in self.families))


_NOTHING = Refusals()
_SEALED = Refusals((SEALED,))
_HAND_OVER = ("no_staff_word", "other_device", "hand_over_otherwise", "head_not_current")

REFUSALS: dict[Operation, Refusals] = {
    Operation.HELLO: _NOTHING,
    Operation.NONCE: _NOTHING,
    Operation.PROVISION: Refusals(
        (CERTIFICATE, STAFF),
        (
            "out_of_service",
            "holds_open",
            "already_provisioned",
            *_HAND_OVER[1:],
            "no_transfer",
            "demo_owner",
            "transfer_not_newer",
            "no_certificate",
            "no_assignment",
            "assignment_not_newer",
            "press_the_button",
        ),
    ),
    Operation.AUTHORIZE_APP: Refusals(
        (OWNER, CERTIFICATE),
        (
            "no_enrolment",
            "no_certificate",
            "clock_not_trusted",
            "other_patient",
            "enrolment_expired",
            "enrolment_not_newer",
            "enrolment_not_next",
        ),
    ),
    Operation.SET_TIME: Refusals((OWNER, CERTIFICATE, NONCE), ("no_certificate", "clock_step")),
    Operation.INSTALL: Refusals(
        (OWNER, CERTIFICATE, ASSERTION),
        (
            "no_prescription",
            "prescription_unreadable",
            "clock_not_trusted",
            "other_device",
            "other_patient",
            "other_clinic",
            "already_installed",
            "serial_taken",
            "serial_not_next",
            "replaces_another",
            "course_not_opened",
            "install_by_passed",
            "issued_in_the_future",
            "other_coil",
            "catalogue_not_accepted",
            "outside_envelope",
            "opening_below_course",
            "no_final_head",
            "no_device_certificate",
            "not_the_final_head",
            "old_device_at_large",
            "record_too_long",
        ),
    ),
    Operation.CLEARANCE: Refusals(
        (OWNER, CERTIFICATE, NONCE),
        (
            "clock_not_trusted",
            "no_certificate",
            "certificate_too_long",
            "clearance_from_the_future",
            "clearance_not_newer",
        ),
    ),
    Operation.GATE_ANSWERS: Refusals((OWNER, CONTROL, NONCE), ("other_patient",)),
    Operation.ARM: Refusals(
        (CONTROL, NONCE), ("other_patient", "other_prescription", "locked", "ephemeral_key")
    ),
    Operation.OPEN_START_WINDOW: _SEALED,
    Operation.START: Refusals((SEALED,), ("press_the_button", "locked")),
    Operation.RESUME: Refusals((SEALED,), ("locked",)),
    Operation.PAUSE: _NOTHING,
    Operation.STOP: _NOTHING,
    Operation.CLOSE: _NOTHING,
    Operation.BEAT: _SEALED,
    Operation.STILL_HERE: _SEALED,
    Operation.PLACE_HOLD: Refusals((OWNER, CERTIFICATE, APP), ("hold_source", "hold_known")),
    Operation.HEAD: Refusals(own=("not_provisioned",)),
    Operation.SESSION_OUTCOME: _NOTHING,
    Operation.REQUEST_OUTCOME: _NOTHING,
    Operation.LOCATE: _NOTHING,
    Operation.LIFT_HOLD: Refusals(
        (OWNER, STAFF),
        (
            "no_staff_word",
            "other_device",
            "nothing_to_lift",
            "hold_unknown",
            "postponement_unknown",
        ),
    ),
    Operation.TAKE_BACK: Refusals(
        (OWNER, APP), ("hold_unknown", "hold_not_yours", "take_back_late")
    ),
    Operation.CONFIRM_HOLD: Refusals((OWNER, CERTIFICATE), ("no_certificate", "hold_unknown")),
    Operation.POSTPONE: Refusals((OWNER, APP, NONCE), ("other_patient",)),
    Operation.REVOKE: Refusals(
        (OWNER, STATEMENT),
        ("revocation_known", "revocation_not_next", "revocation_until", "revocations_full"),
    ),
    Operation.ROTATE_ROOT: Refusals(
        (OWNER, STATEMENT),
        ("trust_key", "rotation_known", "rotation_not_next", "press_the_button"),
    ),
    Operation.ACCEPT_CATALOGUE: Refusals(
        (OWNER, STATEMENT), ("other_catalogue", "catalogue_not_closed")
    ),
    Operation.TAKE_CONTROL: Refusals(
        (OWNER, VALID_APP, NONCE), ("other_patient", "control_otherwise")
    ),
    Operation.RELEASE_CONTROL: Refusals(
        (OWNER, CONTROL, NONCE), ("other_patient", "control_otherwise")
    ),
    Operation.SUPERVISE: Refusals(
        (OWNER, STAFF, NONCE), ("no_staff_word", "other_device", "other_patient")
    ),
    Operation.TRAINING_DONE: Refusals((OWNER, VALID_APP), ("other_patient",)),
    Operation.SIDE_EFFECT_ANSWERS: Refusals((OWNER, VALID_APP), ("other_patient", "other_session")),
    Operation.ATTEST_TIME: Refusals(
        (OWNER, STAFF, NONCE),
        (
            "no_staff_word",
            "other_device",
            "nonce_void",
            "other_boot",
            "other_head",
            "head_before_wait",
            "head_without_clock",
            "more_than_passed",
            "nothing_gained",
        ),
    ),
    Operation.RECEIPT: Refusals(
        (OWNER, CERTIFICATE),
        (
            "no_certificate",
            "receipt_other_epoch",
            "receipt_beyond_head",
            "receipt_not_newer",
            "record_overwritten",
            "receipt_other_hash",
        ),
    ),
    Operation.RESET: Refusals((OWNER, STAFF), (*_HAND_OVER, "holds_open")),
    Operation.RETIRE: Refusals((OWNER, STAFF), _HAND_OVER),
    Operation.SOFTEN: _SEALED,
    Operation.TITRATE: Refusals(
        (SEALED,), ("not_titrating", "titration_pulses_used", "titration_too_soon")
    ),
    Operation.REPOSITIONED: Refusals((SEALED,), ("locked",)),
    Operation.PRACTICE: _NOTHING,
    Operation.SELF_TEST: _NOTHING,
}


def state_codes(operation: Operation) -> frozenset[str]:
    """Return what the table of states refuses an operation with."""
    row = STATES[operation]
    return frozenset(refusal_in(state, cell)[1] for state, cell in row.items() if cell.refusal)


def known_codes(operation: Operation) -> frozenset[str]:
    """Return every code that an operation can be refused with."""
    return REFUSALS[operation].codes | state_codes(operation) | frozenset(ANY_REQUEST)
