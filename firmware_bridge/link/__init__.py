"""The phone's side of the band: what the app uses, over bleak, whatever the platform.

- `states`, `errors`, `pairing`: what the app is told.
- `bluetooth`: the port to the platform's Bluetooth; `connection`: pair, keep connected, let go;
  `pace`: when to try again; `watchdog`: a link that is up but dead.
- `session`: one secured connection; `control_point` (`turns`), `record_access`, `blob_door`,
  `management`: what runs on it. `doubts`: commands whose answer was lost. `update`: firmware
  updates.
- `translation`, `undoubled`, `audience`: bleak's errors, doubled values, listeners.
- `stimulator`: a typed method for each operation; `transfer`: the ledger, resumable; `progress`;
  `beat`: the phone's sign of life.

Nothing here decides about dose: the band does. A command whose answer was lost is uncertain: the
band is asked what became of it, and it is never sent again by itself.
"""

from firmware_bridge.link.beat import Beat
from firmware_bridge.link.bluetooth import BluetoothPort, SystemBluetooth
from firmware_bridge.link.connection import Connection, Limits
from firmware_bridge.link.doubts import Uncertain
from firmware_bridge.link.errors import (
    AttributeRefused,
    BlobNotTaken,
    BluetoothNotAllowed,
    BluetoothUnavailable,
    CommandUncertain,
    DeviceRefused,
    LinkError,
    LinkLost,
    LinkSilent,
    LinkTimeout,
    NoSessionKey,
    NotABand,
    NoUpdates,
    PairingRefused,
    TransferBroken,
)
from firmware_bridge.link.pace import BackOff, Pace
from firmware_bridge.link.pairing import BleakPairingError, PairingAgent, PairingRefusal
from firmware_bridge.link.progress import Progress
from firmware_bridge.link.states import LinkState, OutOfTurn
from firmware_bridge.link.stimulator import StimulatorClient
from firmware_bridge.link.transfer import LedgerLine

__all__ = [
    "AttributeRefused",
    "BackOff",
    "Beat",
    "BleakPairingError",
    "BlobNotTaken",
    "BluetoothNotAllowed",
    "BluetoothPort",
    "BluetoothUnavailable",
    "CommandUncertain",
    "Connection",
    "DeviceRefused",
    "LedgerLine",
    "Limits",
    "LinkError",
    "LinkLost",
    "LinkSilent",
    "LinkState",
    "LinkTimeout",
    "NoSessionKey",
    "NoUpdates",
    "NotABand",
    "OutOfTurn",
    "Pace",
    "PairingAgent",
    "PairingRefusal",
    "PairingRefused",
    "Progress",
    "StimulatorClient",
    "SystemBluetooth",
    "TransferBroken",
    "Uncertain",
]
