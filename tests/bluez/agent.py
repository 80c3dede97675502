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
        self._closed = asyncio.Event()

    @dbus_method()
    async def RequestConfirmation(self, device: DBusObjectPath, passkey: DBusUInt32) -> None:  # noqa: N802
        """Ask the person whether the band shows this number."""
        if not await self._same(passkey):
            raise DBusError(REJECTED, "the numbers weren't confirmed as the same")

    @dbus_method()
    def RequestAuthorization(self, device: DBusObjectPath) -> None:  # noqa: N802
        """Just-works pairing is nobody's wish."""
        raise DBusError(REJECTED, "no number to compare")

    @dbus_method()
    def Cancel(self) -> None:  # noqa: N802
        """The pairing ended before the person answered: the dialog closes."""
        self._closed.set()

    async def _same(self, number: int) -> bool:
        if self.person is None:
            return False
        self._closed.clear()
        answered = asyncio.ensure_future(self.person.confirm_number(number))
        closed = asyncio.ensure_future(self._closed.wait())
        await asyncio.wait({answered, closed}, return_when=asyncio.FIRST_COMPLETED)
        closed.cancel()
        answered.cancel()
        await asyncio.gather(answered, closed, return_exceptions=True)
        return not answered.cancelled() and answered.result()

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
