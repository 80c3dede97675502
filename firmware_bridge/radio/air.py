"""The air between virtual controllers: what one sends reaches the others, or doesn't.

Knows nothing of TCP or HTTP. Reach is all or nothing: while it's cut, nobody hears anybody.
"""

import asyncio

from bumble import controller, core, hci, link, ll

from firmware_bridge.radio.airtime import Exchanges, Phy


class Air(link.LocalLink):
    """A `LocalLink` that can be cut, and that sends from the address a connection was made with.

    bumble's own sends every ACL packet from the controller's random address; a host that
    connects from its public one then never hears an answer.
    """

    def __init__(self, phy: Phy | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.phy = phy
        self._exchanges: dict[frozenset[hci.Address], Exchanges] = {}
        self._cut = False
        self._healing: asyncio.TimerHandle | None = None

    def drop(self, *, out_of_reach_ms: int = 0) -> int:
        """Break every connection on both sides; returns how many.

        With `out_of_reach_ms` nobody hears anybody for that long, in real time.
        """
        if out_of_reach_ms > 0:
            self._cut_for(out_of_reach_ms)
        ends = [(each, end) for each in self.controllers for end in _connections(each)]
        for each, connection in ends:
            each.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)
        return len(ends) // 2

    def _cut_for(self, duration_ms: int) -> None:
        if self._healing is not None:
            self._healing.cancel()
        self._cut = True
        self._healing = asyncio.get_running_loop().call_later(duration_ms / 1000, self._heal)

    def _heal(self) -> None:
        self._cut = False
        self._healing = None

    # Air time

    def exchanges(self, connection: controller.Connection, phy: Phy) -> Exchanges:
        """The air between both ends of a connection."""
        ends = _ends(connection)
        if ends not in self._exchanges:
            self._exchanges[ends] = Exchanges(phy, asyncio.get_running_loop())
        return self._exchanges[ends]

    def connection_ended(self, connection: controller.Connection) -> None:
        """What of it is still in the air never arrives."""
        exchanges = self._exchanges.pop(_ends(connection), None)
        if exchanges is not None:
            exchanges.end()

    # What bumble's controllers call

    def send_advertising_pdu(
        self, sender_controller: controller.Controller, packet: ll.AdvertisingPdu
    ) -> None:
        if not self._cut:
            super().send_advertising_pdu(sender_controller, packet)

    def send_acl_data(
        self,
        sender_controller: controller.Controller,
        destination_address: hci.Address,
        transport: core.PhysicalTransport,
        data: bytes,
    ) -> None:
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if self._cut or connection is None or receiver is None:
            return
        asyncio.get_running_loop().call_soon(
            receiver.on_link_acl_data, connection.self_address, transport, data
        )

    def send_ll_control_pdu(
        self,
        sender_address: hci.Address,
        receiver_address: hci.Address,
        packet: ll.ControlPdu,
    ) -> None:
        # A controller whose host went away has no addresses left; that's silence, no error.
        if not self._cut and self.find_le_controller(receiver_address) is not None:
            super().send_ll_control_pdu(sender_address, receiver_address, packet)


def _ends(connection: controller.Connection) -> frozenset[hci.Address]:
    return frozenset({connection.self_address, connection.peer_address})


def _connections(each: controller.Controller) -> list[controller.Connection]:
    return list(each.le_connections.values())
