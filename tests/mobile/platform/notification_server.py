"""A session bus of our own with a notification server on it: no desktop is needed, none is met."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

from mobile.platform.desktop.notification_service import NAME, PATH

_READY_S = 10.0
_CONFIGURATION = """\
<busconfig><type>session</type><listen>unix:path={socket}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy>
</busconfig>
"""
Strings = Annotated[list[str], DBusSignature("as")]
Hints = Annotated[dict[str, object], DBusSignature("a{sv}")]


@dataclass(frozen=True)
class Shown:
    """A notification as the server got it."""

    title: str
    body: str
    actions: tuple[str, ...]
    urgency: int
    timeout_ms: int


class NotificationServer(ServiceInterface):
    """Keeps what it is to show, and does what a person would do with it."""

    def __init__(self) -> None:
        super().__init__(NAME)
        self.shown: dict[int, Shown] = {}
        self.capabilities = ["body", "actions", "body-markup"]
        self._numbers = 0

    def press(self, number: int, key: str) -> None:
        """Press a notification's button."""
        self.ActionInvoked(number, key)

    @dbus_method()
    def GetCapabilities(self) -> Strings:  # noqa: N802 - the specification's name
        return self.capabilities

    @dbus_method()
    def Notify(  # noqa: N802
        self,
        app: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        title: DBusStr,
        body: DBusStr,
        actions: Strings,
        hints: Hints,
        timeout_ms: DBusInt32,
    ) -> DBusUInt32:
        if not replaces:
            self._numbers += 1
        number = replaces or self._numbers
        urgency = getattr(hints["urgency"], "value", None)
        assert isinstance(urgency, int)
        self.shown[number] = Shown(title, body, tuple(actions), urgency, timeout_ms)
        return number

    @dbus_method()
    def CloseNotification(self, number: DBusUInt32) -> None:  # noqa: N802
        self.shown.pop(number, None)
        self.NotificationClosed(number, 3)

    @dbus_signal()
    def NotificationClosed(  # noqa: N802
        self, number: int, reason: int
    ) -> Annotated[list[int], DBusSignature("uu")]:
        return [number, reason]

    @dbus_signal()
    def ActionInvoked(  # noqa: N802
        self, number: int, key: str
    ) -> Annotated[list[object], DBusSignature("us")]:
        return [number, key]


@asynccontextmanager
async def session_bus(folder: Path) -> AsyncIterator[str]:
    """A bus with nobody on it; yields its address."""
    socket = folder / "bus"
    configuration = folder / "bus.conf"
    configuration.write_text(_CONFIGURATION.format(socket=socket))
    process = await asyncio.create_subprocess_exec(
        *("dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(_READY_S):
            address = (await process.stdout.readline()).decode().strip()
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@asynccontextmanager
async def notification_server(address: str) -> AsyncIterator[NotificationServer]:
    """A server on the bus, as a desktop's."""
    bus = await MessageBus(address).connect()
    server = NotificationServer()
    bus.export(PATH, server)
    await bus.request_name(NAME)
    try:
        yield server
    finally:
        bus.disconnect()
