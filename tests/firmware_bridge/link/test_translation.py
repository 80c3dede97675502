"""Each system's own words for what went wrong come out as the link's errors."""

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from firmware_bridge.link import (
    AttributeRefused,
    BluetoothNotAllowed,
    BluetoothUnavailable,
    LinkError,
    LinkLost,
    PairingRefusal,
    PairingRefused,
)
from firmware_bridge.link.translation import link_errors


def translated(error: Exception) -> LinkError:
    with pytest.raises(LinkError) as caught, link_errors():
        raise error
    assert caught.value.__cause__ is error
    return caught.value


def refusal(error: Exception) -> PairingRefusal:
    refused = translated(error)
    assert isinstance(refused, PairingRefused)
    return refused.refusal


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("AuthenticationFailed", "Authentication Failed", PairingRefusal.NOT_AGREED),
        ("AuthenticationRejected", "Authentication Rejected", PairingRefusal.NOT_AGREED),
        ("AuthenticationTimeout", "Authentication Timeout", PairingRefusal.TOO_LATE),
        ("AuthenticationCanceled", "Authentication Canceled", PairingRefusal.BROKEN_OFF),
        ("NotPermitted", "Not paired", PairingRefusal.NOT_PAIRED),
    ],
)
def test_bluez_says_why_there_is_no_bond(name: str, text: str, expected: PairingRefusal) -> None:
    assert refusal(BleakDBusError(f"org.bluez.Error.{name}", [text])) is expected


@pytest.mark.parametrize(
    "name",
    [
        "org.bluez.Error.NotReady",
        "org.freedesktop.DBus.Error.ServiceUnknown",
        "org.freedesktop.DBus.Error.Spawn.ChildExited",
    ],
)
def test_bluez_that_is_off_or_gone_is_bluetooth_that_is_off(name: str) -> None:
    assert isinstance(translated(BleakDBusError(name, ["..."])), BluetoothUnavailable)


def test_bus_that_lets_nobody_in_is_a_permission_that_lacks() -> None:
    denied = BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["Rejected send message"])
    assert isinstance(translated(denied), BluetoothNotAllowed)


@pytest.mark.parametrize(
    "error",
    [
        BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"]),
        BleakDBusError("org.bluez.Error.Failed", ["br-connection-canceled"]),
        BleakDBusError("org.bluez.Error.InProgress", ["Operation already in progress"]),
        BleakDBusError("org.bluez.Error.Failed", ["Not connected"]),
        BleakDBusError("org.freedesktop.DBus.Error.UnknownObject", ["Method doesn't exist"]),
        BleakDeviceNotFoundError("F0:00:00:00:00:01", "was not found"),
        BleakError("failed to discover services, device disconnected"),
        BleakError("Could not get GATT services: Unreachable"),
        EOFError(),
        TimeoutError(),
    ],
    ids=str,
)
def test_what_trying_again_may_mend_is_a_link_that_is_lost(error: Exception) -> None:
    assert type(translated(error)) is LinkLost


@pytest.mark.parametrize(
    "code",
    [
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
    ],
)
def test_attribute_that_wants_security_says_that_the_phone_forgot(
    code: BleakGATTProtocolErrorCode,
) -> None:
    assert refusal(BleakGATTProtocolError(code)) is PairingRefusal.NOT_PAIRED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Could not pair with device: AUTHENTICATION_TIMEOUT", PairingRefusal.TOO_LATE),
        ("Could not pair with device: AUTHENTICATION_FAILURE", PairingRefusal.NOT_AGREED),
        ("Could not pair with device: REJECTED_BY_HANDLER", PairingRefusal.NOT_AGREED),
        ("Could not pair with device: PAIRING_CANCELED", PairingRefusal.BROKEN_OFF),
        (
            "Could not pair with device: PROTECTION_LEVEL_COULD_NOT_BE_MET",
            PairingRefusal.TOO_WEAK,
        ),
        ("Device does not support pairing", PairingRefusal.NOT_OPEN),
        ("Could not get GATT services: Access Denied", PairingRefusal.NOT_PAIRED),
    ],
)
def test_windows_says_by_text_why_there_is_no_bond(text: str, expected: PairingRefusal) -> None:
    assert refusal(BleakError(text)) is expected


def test_android_says_only_that_there_is_no_bond() -> None:
    error = BleakError("Device with address F0:00:00:00:00:01 could not be paired with.")
    assert refusal(error) is PairingRefusal.NOT_AGREED


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Peer removed pairing information", PairingRefusal.BOND_LOST),
        (
            "Failed to encrypt the connection, the connection has timed out unexpectedly.",
            PairingRefusal.KEYS_DIFFER,
        ),
    ],
)
def test_apple_says_by_text_whose_key_is_gone(words: str, expected: PairingRefusal) -> None:
    error = BleakError(f'failed to connect: Error Domain=CBErrorDomain Code=14 "{words}"')
    assert refusal(error) is expected


def test_other_att_errors_keep_their_number() -> None:
    error = translated(BleakGATTProtocolError(BleakGATTProtocolErrorCode.UNLIKELY_ERROR))
    assert isinstance(error, AttributeRefused)
    assert error.att_error == 0x0E


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (BleakBluetoothNotAvailableReason.POWERED_OFF, BluetoothUnavailable),
        (BleakBluetoothNotAvailableReason.NO_BLUETOOTH, BluetoothUnavailable),
        (BleakBluetoothNotAvailableReason.DENIED_BY_USER, BluetoothNotAllowed),
        (BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM, BluetoothNotAllowed),
    ],
)
def test_bluetooth_that_is_not_to_be_had_says_why(
    reason: BleakBluetoothNotAvailableReason, expected: type[LinkError]
) -> None:
    assert isinstance(translated(BleakBluetoothNotAvailableError("no", reason)), expected)
