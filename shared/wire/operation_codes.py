"""The numbers of the control point: operations, statuses, authorities, nonces, blobs."""

from __future__ import annotations

from enum import IntEnum


class Operation(IntEnum):
    """Codes of the control point's operations."""

    HELLO = 1
    NONCE = 2
    PROVISION = 3
    AUTHORIZE_APP = 4
    SET_TIME = 5
    INSTALL = 9
    CLEARANCE = 10
    GATE_ANSWERS = 11
    ARM = 12
    OPEN_START_WINDOW = 13
    START = 14
    RESUME = 15
    PAUSE = 16
    STOP = 17
    CLOSE = 18
    BEAT = 19
    STILL_HERE = 20
    PLACE_HOLD = 21
    HEAD = 22
    SESSION_OUTCOME = 23
    LOCATE = 24
    LIFT_HOLD = 25
    TAKE_BACK = 26
    CONFIRM_HOLD = 27
    POSTPONE = 28
    REVOKE = 29
    ROTATE_ROOT = 30
    ACCEPT_CATALOGUE = 31
    TAKE_CONTROL = 32
    RELEASE_CONTROL = 33
    SUPERVISE = 34
    TRAINING_DONE = 35
    SIDE_EFFECT_ANSWERS = 36
    ATTEST_TIME = 37
    RECEIPT = 38
    RESET = 39
    RETIRE = 40
    SOFTEN = 41
    TITRATE = 42
    REPOSITIONED = 43
    PRACTICE = 44
    SELF_TEST = 45
    REQUEST_OUTCOME = 46


class StatusCode(IntEnum):
    """How a request ended."""

    OK = 0
    BAD_REQUEST = 1
    UNKNOWN_OPERATION = 2
    WRONG_STATE = 3
    LOCKED = 4
    NOT_TRUSTED = 5
    NONCE_UNKNOWN = 6
    BUTTON_NEEDED = 7
    NOT_PROVISIONED = 8
    ALREADY = 9
    REFUSED = 10
    FAULT = 11


class Authority(IntEnum):
    """What an operation must carry beside the authenticated link."""

    LINK = 1
    SIGNED = 2
    SESSION_MAC = 3


class NoncePurpose(IntEnum):
    """What a nonce may be used for; each lives for its own time and is used once."""

    ARM = 1
    GATE_ANSWERS = 2
    CLEARANCE = 3
    TIME = 4
    SUPERVISE = 5
    ATTEST_TIME = 6
    CONTROL = 7
    POSTPONE = 8


NONCE_LIFE_MS = {
    NoncePurpose.ARM: 60_000,
    NoncePurpose.GATE_ANSWERS: 60_000,
    NoncePurpose.CLEARANCE: 600_000,
    NoncePurpose.TIME: 600_000,
    NoncePurpose.SUPERVISE: 600_000,
    NoncePurpose.ATTEST_TIME: 72 * 3_600_000,
    NoncePurpose.CONTROL: 60_000,
    NoncePurpose.POSTPONE: 60_000,
}


class BlobKind(IntEnum):
    """What a blob holds, too large for one control message."""

    TRANSFER = 1
    ASSIGNMENT = 2
    CERTIFICATE = 3
    ENROLMENT = 4
    PRESCRIPTION = 5
    STAFF_WORD = 6
    FINAL_HEAD = 7
    DEVICE_CERTIFICATE = 8
