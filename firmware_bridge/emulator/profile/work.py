"""What each operation of the control point computes: signatures checked, keys agreed on.

The counts are the most that a request of its kind takes; a test counts them in the real firmware.
An operation that isn't named checks none: a MAC costs less than a millisecond, which isn't charged.
"""

from __future__ import annotations

from firmware_bridge.emulator.profile.figures import Profile
from shared.wire.errors import WireError
from shared.wire.operations import Operation, UnknownOperation, decode_request

VERIFICATIONS: dict[Operation, int] = {
    Operation.PROVISION: 5,
    Operation.INSTALL: 4,
    Operation.AUTHORIZE_APP: 2,
    Operation.SET_TIME: 2,
    Operation.CLEARANCE: 2,
    Operation.PLACE_HOLD: 2,
    Operation.CONFIRM_HOLD: 2,
    Operation.LIFT_HOLD: 2,
    Operation.SUPERVISE: 2,
    Operation.ATTEST_TIME: 2,
    Operation.RECEIPT: 2,
    Operation.RESET: 2,
    Operation.RETIRE: 2,
    Operation.ARM: 1,
    Operation.GATE_ANSWERS: 1,
    Operation.TAKE_BACK: 1,
    Operation.POSTPONE: 1,
    Operation.REVOKE: 1,
    Operation.ROTATE_ROOT: 1,
    Operation.ACCEPT_CATALOGUE: 1,
    Operation.TAKE_CONTROL: 1,
    Operation.RELEASE_CONTROL: 1,
    Operation.TRAINING_DONE: 1,
    Operation.SIDE_EFFECT_ANSWERS: 1,
}

AGREEMENTS: dict[Operation, int] = {Operation.ARM: 1}


def computing_ms(request: bytes, profile: Profile) -> int:
    """For how long a request keeps the processor before it takes effect."""
    operation = _operation(request)
    if operation is None:
        return 0
    verifying_ms = VERIFICATIONS.get(operation, 0) * profile.verify_ms
    return verifying_ms + AGREEMENTS.get(operation, 0) * profile.agree_ms


def comes_last(request: bytes) -> bool:
    """Whether a request waits for all that arrived before it, though it computes nothing: what
    became of a request can't be said while it may still be carried out."""
    return _operation(request) is Operation.REQUEST_OUTCOME


def _operation(request: bytes) -> Operation | None:
    try:
        return decode_request(request).operation
    except (WireError, UnknownOperation):
        return None
