"""bumble's Bluetooth host, for a band whose phone may hang up at any moment."""

from __future__ import annotations

from typing import TypeVar, cast

from bumble import hci
from bumble.host import Host

_Parameters = TypeVar("_Parameters", bound=hci.HCI_ReturnParameters)

_ANSWERS_TO_A_PHONE = (
    hci.HCI_LE_Long_Term_Key_Request_Reply_Command,
    hci.HCI_LE_Long_Term_Key_Request_Negative_Reply_Command,
)


class BandHost(Host):
    """A host for whom a phone that hung up before it was answered is no fault.

    bumble answers a request for the bond's key in a task that nobody waits for. When the link
    ended meanwhile, the controller no longer knows it, and the error would reach nobody.
    """

    async def send_sync_command(
        self, command: hci.HCI_SyncCommand[_Parameters], response_timeout: float | None = None
    ) -> _Parameters:
        """Send a command and return what the controller says; raise HCI_Error where it refuses."""
        try:
            return await super().send_sync_command(command, response_timeout)
        except hci.HCI_Error as refusal:
            gone = hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR
            if refusal.error_code != gone or not isinstance(command, _ANSWERS_TO_A_PHONE):
                raise
            return cast("_Parameters", hci.HCI_StatusReturnParameters(gone))
