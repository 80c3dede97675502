"""bleak's errors as the link's: one place, for everything that touches a client."""

from collections.abc import Iterator
from contextlib import contextmanager

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
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
        case PermissionError():
            return BluetoothNotAllowed()
        case BleakCharacteristicNotFoundError():
            return NotABand()
        case BleakGATTProtocolError():
            return _protocol_error(int(error.args[0]))
        case _:
            return LinkLost()


def _protocol_error(code: int) -> LinkError:
    if code in _NOT_SECURE:
        return PairingRefused(PairingRefusal.NOT_PAIRED)
    return AttributeRefused(code)
