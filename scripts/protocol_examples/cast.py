"""Who appears in the examples: ids, keys and instants, the same in all of them.

All keys are TEST KEYS: anybody can make their private halves from their names.
"""

from __future__ import annotations

from scripts.vectors.keys import TestKey, key_for_tests
from shared.trust import certificates
from shared.trust.statements import Certificate, Purpose, Scope
from tests.shared.clinic import CLINIC_ID, DESK_ORIGIN, DESK_RP, DEVICE_ID, PATIENT_ID

__all__ = ["CLINIC_ID", "DEVICE_ID", "PATIENT_ID"]

NOW_S = 1_790_000_000
DAY_S = 86_400
EPOCH = bytes(range(0x10, 0x20))
SESSION_ID = bytes(range(0x20, 0x30))
NONCE = bytes(range(0x30, 0x40))
HOLD_ID = bytes(range(0x40, 0x50))

DEVICE = key_for_tests("device key")
APP = key_for_tests("app key")
APP_EPHEMERAL = key_for_tests("app's ephemeral key")
DEVICE_EPHEMERAL = key_for_tests("device's ephemeral key")
ROOT = key_for_tests("clinic root")
STAFF = key_for_tests("prescriber's passkey")
HOLD_KEY = key_for_tests("hold key")


def staff_certificate() -> Certificate:
    """Return what the prescriber's certificate says."""
    return Certificate(
        purpose=Purpose.STAFF,
        public_key=STAFF.public_key.data,
        subject="TEST KEY of a prescriber",
        not_before_s=NOW_S - DAY_S,
        not_after_s=NOW_S + 365 * DAY_S,
        scopes=(Scope.PRESCRIBE, Scope.LIFT_HOLD),
        rp_id=DESK_RP,
        origin=DESK_ORIGIN,
        backup_eligible=False,
        credential_id=b"test credential",
    )


def certified(key: TestKey, purpose: Purpose) -> bytes:
    """Return the root's certificate of a server's key."""
    name = purpose.name.lower()
    said = Certificate(purpose, key.public_key.data, name, NOW_S - DAY_S, NOW_S + 14 * DAY_S)
    return certificates.issue(said, clinic_id=CLINIC_ID, root=ROOT)
