"""Keeps what waits in a Bluetooth host bounded: whoever sends waits until little waits already.

bumble's own `drain` waits until nothing is under way any more, which leaves the air idle between
two values. Not for what is sent.
"""

from __future__ import annotations

import asyncio

from bumble.device import Connection

FLOW = "flow"
FEW_BYTES = 128
FEW_PACKETS = 1
"""So many bytes, or at least packets, keep the air busy, and STOP waits for little more than these:
one packet of the longest, four of the shortest (own figures)."""
L2CAP_HEADER_BYTES = 4


async def room(connection: Connection) -> None:
    """Return once few packets wait, or the link is gone."""
    queue = connection.data_packet_queue
    if queue is None:
        return
    packet_bytes = min(queue.max_packet_size, connection.att_mtu + L2CAP_HEADER_BYTES)
    few = max(FEW_PACKETS, FEW_BYTES // packet_bytes)
    if queue.pending <= few:
        return
    stirred = asyncio.Event()
    queue.on(FLOW, stirred.set)
    gone = connection.on(Connection.EVENT_DISCONNECTION, lambda _: stirred.set())
    try:
        while queue.pending > few and _stands(connection):
            stirred.clear()
            await stirred.wait()
    finally:
        queue.remove_listener(FLOW, stirred.set)
        connection.remove_listener(Connection.EVENT_DISCONNECTION, gone)


def _stands(connection: Connection) -> bool:
    return connection.device.connections.get(connection.handle) is connection
