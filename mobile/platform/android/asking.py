"""Asks the person for permissions by the system's own dialog."""

from __future__ import annotations

import asyncio

from mobile.platform.android.bridge import Bridge


async def ask_for(bridge: Bridge, permissions: tuple[str, ...]) -> bool:
    """Return whether all of them are granted. Android asks twice at most, then answers no itself;
    the answer comes from a thread of its own."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[bool] = loop.create_future()

    def answered(_permissions: list[str], grants: list[bool]) -> None:
        loop.call_soon_threadsafe(_settle, answer, all(grants))

    bridge.ask_permissions(list(permissions), answered)
    return await answer


def _settle(answer: asyncio.Future[bool], granted: bool) -> None:
    if not answer.done():
        answer.set_result(granted)
