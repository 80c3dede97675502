"""The desktop's notification service over D-Bus (Desktop Notifications Specification 1.2).

Not a port: the calls and signals of ``org.freedesktop.Notifications`` that the adapters need.
"""

from __future__ import annotations

import asyncio
import html
import logging
from collections.abc import Callable
from typing import Any

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError, InvalidAddressError

from mobile.language import _
from mobile.platform.errors import NoticeNotShown

log = logging.getLogger(__name__)

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
APP = "Circlet"
STAYS, BY_THE_SERVER = 0, -1
NORMAL, CRITICAL = 1, 2
_BUS, _BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
_LIMIT_S = 3.0


class NotificationService:
    """One connection to the session bus, made at the first call and anew after it was lost."""

    def __init__(self, address: str | None = None) -> None:
        self._address = address
        self._bus: MessageBus | None = None
        self._connecting = asyncio.Lock()
        self._reads_markup = False
        self._when_acted: dict[int, Callable[[str], None]] = {}

    async def notify(
        self,
        title: str,
        body: str,
        *,
        replaces: int = 0,
        label: str | None = None,
        when_acted: Callable[[str], None] | None = None,
    ) -> int:
        """Show it; return its number. With a button's ``label`` it is urgent and stays.

        ``when_acted`` hears ``stop`` for the button. Raises NoticeNotShown.
        """
        bus = await self._connected()
        actions = [] if label is None else ["stop", label]
        hints = {
            "urgency": Variant("y", NORMAL if label is None else CRITICAL),
            "resident": Variant("b", label is not None),
        }
        text = html.escape(body, quote=False) if self._reads_markup else body
        timeout_ms = BY_THE_SERVER if label is None else STAYS
        arguments = [APP, replaces, "", title, text, actions, hints, timeout_ms]
        (number,) = await self._call(bus, "Notify", "susssasa{sv}i", arguments)
        if when_acted is not None:
            self._when_acted[number] = when_acted
        return int(number)

    async def close(self, number: int) -> None:
        """Take it away. The server refuses a number that is gone: that is as good."""
        self._when_acted.pop(number, None)
        try:
            await self._call(await self._connected(), "CloseNotification", "u", [number])
        except NoticeNotShown as problem:
            log.info("closing a notification: %s", problem.__cause__)

    def disconnect(self) -> None:
        """Leave the bus."""
        if self._bus is not None:
            self._bus.disconnect()
            self._bus = None

    async def _connected(self) -> MessageBus:
        async with self._connecting:
            if self._bus is None or not self._bus.connected:
                self._bus = await self._connect()
            return self._bus

    async def _connect(self) -> MessageBus:
        try:
            async with asyncio.timeout(_LIMIT_S):
                bus = await MessageBus(self._address, BusType.SESSION).connect()
        except (OSError, DBusError, InvalidAddressError, TimeoutError, EOFError) as problem:
            raise _no_service() from problem
        bus.add_message_handler(self._heard)
        rule = f"type='signal',interface='{NAME}'"
        await self._call(bus, "AddMatch", "s", [rule], (_BUS, _BUS_PATH))
        (capabilities,) = await self._call(bus, "GetCapabilities")
        self._reads_markup = "body-markup" in capabilities
        return bus

    async def _call(
        self,
        bus: MessageBus,
        member: str,
        signature: str = "",
        body: list[Any] | None = None,
        whose: tuple[str, str] = (NAME, PATH),
    ) -> list[Any]:
        destination, path = whose
        message = Message(
            destination=destination,
            path=path,
            interface=destination,
            member=member,
            signature=signature,
            body=body or [],
        )
        try:
            async with asyncio.timeout(_LIMIT_S):
                reply = await bus.call(message)
        except (OSError, DBusError, TimeoutError, EOFError) as problem:
            raise _no_service() from problem
        if reply.message_type is MessageType.ERROR:
            raise _no_service() from DBusError(NAME, f"{member}: {reply.body}")
        return list(reply.body)

    def _heard(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL or message.interface != NAME:
            return
        if message.member == "ActionInvoked":
            number, key = message.body
            acted = self._when_acted.get(number)
            if acted is not None:
                acted(key)
        elif message.member == "NotificationClosed":
            self._when_acted.pop(message.body[0], None)


def _no_service() -> NoticeNotShown:
    return NoticeNotShown(
        _("This system shows no notifications, so the app reminds you only while you look at it.")
    )
