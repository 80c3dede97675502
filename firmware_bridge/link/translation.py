"""bleak's errors as the link's: one place, for everything that touches a client."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from firmware_bridge.link.errors import (
    AttributeRefused,
    BluetoothNotAllowed,
    BluetoothUnavailable,
    LinkError,
    LinkLost,
    NotABand,
    PairingRefused,
)
from firmware_bridge.link.pairing import BleakPairingError, PairingRefusal

_NOT_SECURE = frozenset(
    {
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
    }
)

_DENIED = frozenset(
    {
        BleakBluetoothNotAvailableReason.DENIED_BY_USER,
        BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM,
        BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN,
    }
)


# What BlueZ calls its errors. Why a pairing failed it doesn't say: a number that differs, a band
# that isn't ready and one that waited too long are all AuthenticationFailed.
_BY_DBUS_NAME: dict[str, Callable[[], LinkError]] = {
    "org.bluez.Error.AuthenticationFailed": partial(PairingRefused, PairingRefusal.NOT_AGREED),
    "org.bluez.Error.AuthenticationRejected": partial(PairingRefused, PairingRefusal.NOT_AGREED),
    "org.bluez.Error.AuthenticationTimeout": partial(PairingRefused, PairingRefusal.TOO_LATE),
    "org.bluez.Error.AuthenticationCanceled": partial(PairingRefused, PairingRefusal.BROKEN_OFF),
    "org.bluez.Error.NotPermitted": partial(PairingRefused, PairingRefusal.NOT_PAIRED),
    "org.bluez.Error.NotReady": BluetoothUnavailable,
    "org.freedesktop.DBus.Error.AccessDenied": BluetoothNotAllowed,
    "org.freedesktop.DBus.Error.ServiceUnknown": BluetoothUnavailable,
    "org.freedesktop.DBus.Error.Spawn.ChildExited": BluetoothUnavailable,
}

# What bleak's other backends say by text alone: Windows, Android, Apple. From bleak's source and
# the systems' own lists; no such system has been met yet. The first that fits counts.
_BY_TEXT = (
    ("Could not pair with device: AUTHENTICATION_TIMEOUT", PairingRefusal.TOO_LATE),
    ("Could not pair with device: PAIRING_CANCELED", PairingRefusal.BROKEN_OFF),
    ("Could not pair with device: PROTECTION_LEVEL_COULD_NOT_BE_MET", PairingRefusal.TOO_WEAK),
    ("Could not pair with device:", PairingRefusal.NOT_AGREED),
    ("Device does not support pairing", PairingRefusal.NOT_OPEN),
    (": Access Denied", PairingRefusal.NOT_PAIRED),
    ("could not be paired with", PairingRefusal.NOT_AGREED),
    ("Peer removed pairing information", PairingRefusal.BOND_LOST),
    ("Failed to encrypt the connection", PairingRefusal.KEYS_DIFFER),
)


@contextmanager
def link_errors() -> Iterator[None]:
    """Let bleak's errors out as `LinkError`s."""
    try:
        yield
    except (BleakError, OSError, EOFError, TimeoutError) as error:
        raise _translated(error) from error


def _translated(error: Exception) -> LinkError:
    match error:
        case BleakPairingError(refusal=refusal):
            return PairingRefused(refusal)
        case BleakBluetoothNotAvailableError(reason=reason):
            return BluetoothNotAllowed() if reason in _DENIED else BluetoothUnavailable()
        case BleakDBusError(dbus_error=name) if name in _BY_DBUS_NAME:
            return _BY_DBUS_NAME[name]()
        case PermissionError():
            return BluetoothNotAllowed()
        case BleakCharacteristicNotFoundError():
            return NotABand()
        case BleakGATTProtocolError():
            return _protocol_error(int(error.args[0]))
        case _:
            return _by_text(str(error))


def _by_text(text: str) -> LinkError:
    refusals = (refusal for words, refusal in _BY_TEXT if words in text)
    refusal = next(refusals, None)
    return LinkLost() if refusal is None else PairingRefused(refusal)


def _protocol_error(code: int) -> LinkError:
    if code in _NOT_SECURE:
        return PairingRefused(PairingRefusal.NOT_PAIRED)
    return AttributeRefused(code)
