"""A patient's key as it lies on disk: AES-256-GCM under the clinic's wrapping key.

Clinic, patient, purpose and the wrapping key's own id are associated data: a wrapped key that was
copied to another's name does not open.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cloud.vault.errors import Damaged
from cloud.vault.owners import Owner
from cloud.vault.port import KEY_BYTES
from shared.wire import canonical

VERSION = 1
WRAPPING_ID_BYTES = 8
_NONCE_BYTES, _TAG_BYTES = 12, 16
_HEAD_BYTES = 1 + WRAPPING_ID_BYTES
WRAPPED_BYTES = _HEAD_BYTES + _NONCE_BYTES + KEY_BYTES + _TAG_BYTES


def wrap(key: bytes, owner: Owner, wrapping_id: bytes, wrapping_key: bytes) -> bytes:
    """Return the wrapped key: version, wrapping key's id, nonce, ciphertext with tag."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(wrapping_key).encrypt(nonce, key, _about(owner, wrapping_id))
    return bytes([VERSION]) + wrapping_id + nonce + sealed


def wrapped_by(data: bytes, owner: Owner) -> bytes:
    """Return the id of the wrapping key; raise Damaged for bytes that are no wrapped key."""
    if len(data) != WRAPPED_BYTES or data[0] != VERSION:
        raise Damaged(f"The {owner} is no wrapped key of {WRAPPED_BYTES} bytes.")
    return data[1:_HEAD_BYTES]


def unwrap(data: bytes, owner: Owner, wrapping_key: bytes) -> bytes:
    """Return the key; raise Damaged where it is another's, or was changed."""
    wrapping_id = wrapped_by(data, owner)
    nonce, sealed = (
        data[_HEAD_BYTES : _HEAD_BYTES + _NONCE_BYTES],
        data[_HEAD_BYTES + _NONCE_BYTES :],
    )
    try:
        return AESGCM(wrapping_key).decrypt(nonce, sealed, _about(owner, wrapping_id))
    except InvalidTag as problem:
        raise Damaged(f"The {owner} does not open with its wrapping key.") from problem


def _about(owner: Owner, wrapping_id: bytes) -> bytes:
    named = ["circlet/wrapped-key/v1", owner.purpose.value, owner.clinic_id, owner.patient_id]
    return canonical.encode([*named, wrapping_id])
