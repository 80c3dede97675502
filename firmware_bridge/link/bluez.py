"""bleak's BlueZ client, and what BlueZ doesn't tell it of a bond.

BlueZ (5.66) says of a connection that ends by its encryption only that it was aborted, as of one
that failed by interference, and bleak tries again until its time is over. Not for pairing itself.
"""

import asyncio
from typing import Any

from bleak.backends.bluezdbus.client import BleakClientBlueZDBus
from bleak.backends.bluezdbus.defs import BLUEZ_ERROR_FAILED
from bleak.backends.bluezdbus.manager import get_global_bluez_manager
from bleak.exc import BleakDBusError

from firmware_bridge.link.pairing import BleakPairingError, PairingRefusal

# A bonded device that answers, and so often in a row hangs up before the link is encrypted (own
# figure): interference ends a connection too, but not each one.
TURNED_AWAY_AFTER = 3

# A pairing that nobody answers ends by then, and the system's dialog with it (Core Specification,
# volume 3, part H, section 3.4).
PAIRING_ENDS_S = 30.0
CANCELED = "org.bluez.Error.AuthenticationCanceled"


class BluezClient(BleakClientBlueZDBus):
    """Ends in a `BleakPairingError` where there's no bond, or one that the device turns away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bonded = False
        self._hang_ups = 0
        self._turned_away = asyncio.Event()

    async def connect(self, pair: bool, **kwargs: Any) -> None:  # type: ignore[override]
        """Connect; with `pair`, to a device that there's no bond with yet."""
        self._bonded = await self._bonded_path() is not None
        if not self._bonded and not pair:
            # BlueZ would pair unasked as soon as something needs it.
            raise BleakPairingError(PairingRefusal.NOT_PAIRED)
        self._hang_ups = 0
        self._turned_away.clear()
        connecting = asyncio.ensure_future(self._connect_in_time(pair, **kwargs))
        turned_away = asyncio.ensure_future(self._turned_away.wait())
        try:
            await asyncio.wait({connecting, turned_away}, return_when=asyncio.FIRST_COMPLETED)
            if not connecting.done():
                raise BleakPairingError(PairingRefusal.BOND_BROKEN)
            connecting.result()
        finally:
            connecting.cancel()
            turned_away.cancel()
            await asyncio.gather(connecting, turned_away, return_exceptions=True)

    async def _connect_in_time(self, pair: bool, **kwargs: Any) -> None:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        async with asyncio.timeout(self._timeout):
            while True:
                try:
                    return await super().connect(pair, **kwargs)
                except BleakDBusError as error:
                    if error.dbus_error == CANCELED and loop.time() - began_s >= PAIRING_ENDS_S:
                        raise BleakPairingError(PairingRefusal.TOO_LATE) from error
                    # bleak tries again after one word for a hang-up; BlueZ has others too.
                    if error.dbus_error != BLUEZ_ERROR_FAILED or not self._hang_ups:
                        raise

    def _on_disconnected(self) -> None:
        if self._is_connected:
            super()._on_disconnected()
            return
        self._hang_ups += 1
        if self._bonded and self._hang_ups >= TURNED_AWAY_AFTER:
            # bleak isn't told: it would begin another try, and that would have to be broken off.
            self._turned_away.set()
            return
        # Not connected yet: nobody has lost anything, and bleak tries again.
        told, self._disconnected_callback = self._disconnected_callback, None
        try:
            super()._on_disconnected()
        finally:
            self._disconnected_callback = told

    async def _get_device_path(self) -> str:
        # A device that was met under a private address keeps that address in its path.
        return await self._bonded_path() or await super()._get_device_path()

    async def _bonded_path(self) -> str | None:
        manager = await get_global_bluez_manager()
        for path, device in manager._iter_device_props():
            if device["Paired"] and device["Address"] == self.address.upper():
                return path
        return None
