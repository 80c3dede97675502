"""Answers what nobody foresaw: a failure of the program is told in words, and its own stay inside.

What an error says may hold what a patient said: the log has its kind and its place alone.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cloud.logs import log

FAILED = 500


class BrokenOff(Exception):
    """An answer that had begun can't go on; its connection has to be closed."""


class Unforeseen:
    """Stands inside all other layers, so that this answer is measured and has its headers too."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request], Response]) -> None:
        self._app, self._answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception as problem:
            log.error("failed", problem=type(problem).__name__, place=_place(problem))
            if begun:
                raise BrokenOff from None
            await self._answer(Request(scope))(scope, receive, send)


def _place(problem: Exception) -> str:
    last = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{last.name}:{last.lineno}"
