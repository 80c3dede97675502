"""A virtual Bluetooth LE controller, mended where bumble's own leaves a host waiting.

It takes packets as long as today's controllers do, announces only what it does, cancels a
connection attempt when told, forgets everything at a reset, and takes its connections with it when
its host goes away. Where the air takes time, so do its packets.
"""

from functools import partial

from bumble import controller, hci

from firmware_bridge.radio.air import Air

# Announced by bumble's controller, but it then sends the plain Connection Complete event,
# which a kernel takes for another controller's mistake.
_ANNOUNCED_BUT_NOT_DONE = (
    hci.LeFeatureMask.LL_PRIVACY
    | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
    | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
)


# Core Specification, volume 6, part B, 2.4: with the data length extension.
LONGEST_PACKET_BYTES = 251
# On an air that takes time: about what small controllers have (own figure).
PACKETS_AT_ONCE = 8


class AirController(controller.Controller):
    """One end of the air."""

    le_acl_data_packet_length = LONGEST_PACKET_BYTES
    le_features = controller.Controller.le_features & ~_ANNOUNCED_BUT_NOT_DONE

    def __init__(self, name: str, air: Air, public_address: str) -> None:
        super().__init__(name, link=air, public_address=public_address)
        self._random_address = hci.Address.ANY_RANDOM
        self._air = air
        if air.phy is not None:
            self.total_num_le_acl_data_packets = PACKETS_AT_ONCE

    def host_went_away(self) -> None:
        """What a controller without a host does: nothing. The peers find out by time-out."""
        self.hci_sink = None
        self._forget_everything()

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        connection = self.find_le_connection_by_handle(packet.connection_handle)
        if self._air.phy is None or connection is None:
            super().on_hci_acl_data_packet(packet)
            return
        # Its host hears that it has left when it has, and gives no more than fits until then.
        self._air.exchanges(connection, self._air.phy).send(
            connection.role,
            len(packet.data),
            partial(super().on_hci_acl_data_packet, packet),
        )

    def on_le_disconnected(self, connection: controller.Connection, reason: int) -> None:
        self._air.connection_ended(connection)
        super().on_le_disconnected(connection, reason)

    def on_hci_reset_command(
        self, command: hci.HCI_Reset_Command
    ) -> hci.HCI_StatusReturnParameters:
        self._forget_everything()
        return super().on_hci_reset_command(command)

    def on_hci_le_create_connection_cancel_command(
        self, command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        pending = self.pending_le_connection
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.pending_le_connection = None
        self.send_hci_packet(_cancelled(pending.peer_address))
        return super().on_hci_le_create_connection_cancel_command(command)

    def _forget_everything(self) -> None:
        self.le_legacy_advertiser.stop()
        self.le_scan_enable = False
        self.pending_le_connection = None
        for connection in list(self.le_connections.values()):
            self._end(connection)

    def _end(self, connection: controller.Connection) -> None:
        reason = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
        self._air.connection_ended(connection)
        del self.le_connections[connection.peer_address]
        peer = self.link.find_le_controller(connection.peer_address)
        if peer is not None and (other := peer.le_connections.get(connection.self_address)):
            peer.on_le_disconnected(other, reason)


def _cancelled(peer_address: hci.Address) -> hci.HCI_LE_Connection_Complete_Event:
    return hci.HCI_LE_Connection_Complete_Event(
        status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
        connection_handle=0,
        role=hci.Role.CENTRAL,
        peer_address_type=peer_address.address_type,
        peer_address=peer_address,
        connection_interval=0,
        peripheral_latency=0,
        supervision_timeout=0,
        central_clock_accuracy=0,
    )
