"""The system's pairing dialog, played by a program: a BlueZ agent that asks a `PairingAgent`.

It can show a number and take a yes or no, as a phone can. Not for any other way of pairing: those
are refused here too.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dbus_fast import BusType, DBusError, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusObjectPath, DBusUInt32
from dbus_fast.message import Message
from dbus_fast.service import ServiceInterface, dbus_method

from firmware_bridge.link import PairingAgent

BLUEZ = "org.bluez"
AGENT_PATH = "/circlet/agent"
CAPABILITY = "DisplayYesNo"
REJECTED = "org.bluez.Error.Rejected"


class Agent(ServiceInterface):
    """`org.bluez.Agent1`, as far as a numeric comparison needs it."""

    def __init__(self) -> None:
        super().__init__("org.bluez.Agent1")
        self.person: PairingAgent | None = None
        self.cancelled = asyncio.Event()

    @dbus_method()
    async def RequestConfirmation(self, device: DBusObjectPath, passkey: DBusUInt32) -> None:  # noqa: N802
        """Ask the person whether the band shows this number."""
        if self.person is None or not await self.person.confirm_number(passkey):
            raise DBusError(REJECTED, "the numbers differ")

    @dbus_method()
    def RequestAuthorization(self, device: DBusObjectPath) -> None:  # noqa: N802
        """Just-works pairing is nobody's wish."""
        raise DBusError(REJECTED, "no number to compare")

    @dbus_method()
    def Cancel(self) -> None:  # noqa: N802
        """The pairing ended before the person answered."""
        self.cancelled.set()

    @dbus_method()
    def Release(self) -> None:  # noqa: N802
        """bluetoothd ends."""


@asynccontextmanager
async def agent_on_the_bus() -> AsyncIterator[Agent]:
    """Be the system's default agent."""
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    agent = Agent()
    bus.export(AGENT_PATH, agent)
    await call(bus, "RegisterAgent", "os", [AGENT_PATH, CAPABILITY])
    await call(bus, "RequestDefaultAgent", "o", [AGENT_PATH])
    try:
        yield agent
    finally:
        bus.disconnect()


async def call(bus: MessageBus, member: str, signature: str, body: list[object]) -> None:
    """Call a method of BlueZ's agent manager."""
    answer = await bus.call(
        Message(
            destination=BLUEZ,
            path="/org/bluez",
            interface="org.bluez.AgentManager1",
            member=member,
            signature=signature,
            body=body,
        )
    )
    assert answer is not None
    assert answer.message_type is not MessageType.ERROR, answer.body
