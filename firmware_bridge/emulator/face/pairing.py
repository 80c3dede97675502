"""Who may bond: LE Secure Connections with numeric comparison, while the window is open.

Just-works, legacy pairing, short keys and passkey entry are refused before anything is exchanged,
and no key is given out before the person has confirmed the number on the band.
"""

from __future__ import annotations

import asyncio

from bumble import smp
from bumble.device import Connection
from bumble.hci import Address
from bumble.pairing import PairingConfig, PairingDelegate

from firmware_bridge.emulator.events import Event
from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.face.interference import Interference
from firmware_bridge.emulator.firmware.outside import LinkSecurity
from firmware_bridge.timebase import Clock

CONFIRM_WITHIN_MS = 60_000
"""Time for the press that confirms the number (own figure)."""

KEY_BYTES = 16

COMPARING = frozenset({smp.IoCapability.DISPLAY_YES_NO, smp.IoCapability.KEYBOARD_DISPLAY})
"""What a phone must be able to do for numeric comparison."""


class NumberComparison:
    """The number on the display, and the press that confirms it."""

    def __init__(self, core: FirmwareCore, clock: Clock) -> None:
        self._core = core
        self._clock = clock
        self._confirmed: asyncio.Event | None = None

    async def ask(self, number: int) -> bool:
        """Show the number; True once the button was pressed, False when it wasn't in time."""
        if self._confirmed is not None:
            return False
        self._confirmed = asyncio.Event()
        self._core.show_number(number)
        try:
            await self._clock.wait_for(self._confirmed.wait(), CONFIRM_WITHIN_MS)
        except TimeoutError:
            return False
        finally:
            self._confirmed = None
            self._core.show_number(None)
        return True

    def press(self) -> bool:
        """Take a press; True when it was meant for a number on the display."""
        if self._confirmed is None:
            return False
        self._confirmed.set()
        return True


class BandPairing(PairingDelegate):
    """Answers the stack's questions with the firmware's window and the person's press."""

    def __init__(
        self, core: FirmwareCore, comparison: NumberComparison, interference: Interference
    ) -> None:
        super().__init__(io_capability=PairingDelegate.DISPLAY_OUTPUT_AND_YES_NO_INPUT)
        self._core = core
        self._comparison = comparison
        self._interference = interference

    async def accept(self) -> bool:
        """Whether a phone may bond now."""
        self._interference.events.tell(Event.PAIRING)
        return self._core.pairing_open and not self._interference.refuses_pairing

    async def confirm(self, auto: bool = False) -> bool:
        """Just-works is never confirmed."""
        return False

    async def compare_numbers(self, number: int, digits: int) -> bool:
        """Ask the person."""
        return await self._comparison.ask(number)

    def config(self, connection: Connection) -> PairingConfig:
        """The stack's settings for a pairing on this connection."""
        return PairingConfig(
            sc=True,
            mitm=True,
            bonding=True,
            delegate=self,
            identity_address_type=PairingConfig.AddressType(Address.RANDOM_DEVICE_ADDRESS),
        )


class BandSession(smp.Session):
    """One pairing, with what the stack alone would let pass refused."""

    _numbers_agreed = False

    @property
    def gave_resolving_key(self) -> bool:
        """Whether the phone asked for the key that resolves the band's private addresses."""
        return bool(self.responder_key_distribution & smp.KeyDistribution.ID_KEY)

    async def on_smp_pairing_request_command_async(
        self, command: smp.SMP_Pairing_Request_Command
    ) -> None:
        """Refuse a weak request before answering it."""
        refusal = weakness(command)
        if refusal is not None:
            self.send_pairing_failed(refusal)
            return
        await super().on_smp_pairing_request_command_async(command)

    def send_pairing_dhkey_check_command(self) -> None:
        """Both checks hold and the person has pressed: from here on the key may be used."""
        self._numbers_agreed = True
        super().send_pairing_dhkey_check_command()

    def get_long_term_key(self, rand: bytes, ediv: int) -> bytes | None:
        """The new key, but not before the comparison is through."""
        return super().get_long_term_key(rand, ediv) if self._numbers_agreed else None


def weakness(command: smp.SMP_Pairing_Request_Command) -> smp.ErrorCode | None:
    """Why a pairing request is not strong enough; None when it is."""
    wanted = smp.AuthReq.SC | smp.AuthReq.MITM | smp.AuthReq.BONDING
    if command.auth_req & wanted != wanted or command.oob_data_flag:
        return smp.ErrorCode.AUTHENTICATION_REQUIREMENTS
    if command.io_capability not in COMPARING:
        return smp.ErrorCode.AUTHENTICATION_REQUIREMENTS
    if command.maximum_encryption_key_size < KEY_BYTES:
        return smp.ErrorCode.ENCRYPTION_KEY_SIZE
    return None


def link_security(connection: Connection) -> LinkSecurity:
    """What protects this connection now."""
    return LinkSecurity(
        encrypted=bool(connection.is_encrypted),
        authenticated=bool(connection.is_encrypted and connection.authenticated),
        secure_connections=bool(connection.is_encrypted and connection.sc),
        peer=str(connection.peer_address),
    )
