"""What a pairing must be: LE Secure Connections, with a number compared by a person, and bonding.

Both ends use it. Just-works and legacy pairing are refused before any key is made: bumble alone
would call a link authenticated as soon as it's encrypted.
"""

from collections.abc import Awaitable, Callable

from bumble import pairing, smp
from bumble.device import Connection

ENCRYPTION_KEY_BYTES = 16

CompareNumbers = Callable[[int], Awaitable[bool]]
Accept = Callable[[], Awaitable[bool]]


class NumberDelegate(pairing.PairingDelegate):
    """Shows a number and takes a yes or no; refuses every weaker way."""

    def __init__(self, compare: CompareNumbers, accept: Accept | None = None) -> None:
        super().__init__(pairing.PairingDelegate.DISPLAY_OUTPUT_AND_YES_NO_INPUT)
        self._compare = compare
        self._accept = accept

    async def accept(self) -> bool:
        return self._accept is None or await self._accept()

    async def compare_numbers(self, number: int, digits: int) -> bool:
        return await self._compare(number)

    async def confirm(self, auto: bool = False) -> bool:
        return False

    async def get_number(self) -> int | None:
        return None


class NumberSession(smp.Session):
    """A pairing that ends at once when it wouldn't be a numeric comparison."""

    async def on_smp_pairing_request_command_async(
        self, command: smp.SMP_Pairing_Request_Command
    ) -> None:
        if _is_number_compared(self, command, command.io_capability, self.io_capability):
            await super().on_smp_pairing_request_command_async(command)
        else:
            self.send_pairing_failed(smp.ErrorCode.AUTHENTICATION_REQUIREMENTS)

    def on_smp_pairing_response_command(self, command: smp.SMP_Pairing_Response_Command) -> None:
        if _is_number_compared(self, command, self.io_capability, command.io_capability):
            super().on_smp_pairing_response_command(command)
        else:
            self.send_pairing_failed(smp.ErrorCode.AUTHENTICATION_REQUIREMENTS)


def number_pairing(delegate: NumberDelegate) -> Callable[[Connection], pairing.PairingConfig]:
    """A factory for `Device.pairing_config_factory`."""
    config = pairing.PairingConfig(
        sc=True,
        mitm=True,
        bonding=True,
        delegate=delegate,
        identity_address_type=pairing.PairingConfig.AddressType.RANDOM,
    )
    return lambda connection: config


def _is_number_compared(
    session: smp.Session,
    command: smp.SMP_Pairing_Request_Command | smp.SMP_Pairing_Response_Command,
    initiator: int,
    responder: int,
) -> bool:
    wanted = smp.AuthReq.SC | smp.AuthReq.BONDING
    if command.auth_req & wanted != wanted or command.oob_data_flag:
        return False
    if command.maximum_encryption_key_size != ENCRYPTION_KEY_BYTES:
        return False
    compares = (smp.IoCapability.DISPLAY_YES_NO, smp.IoCapability.KEYBOARD_DISPLAY)
    return initiator in compares and responder in compares
