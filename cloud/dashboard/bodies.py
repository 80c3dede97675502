"""The bound on what anybody may send to the pages, before it is known who sends it."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cloud.language import mark, told

BODY_MAX = 64 * 1024
"""Bytes: forms are a few hundred, certificates and what the desk signed a few thousand."""
TOO_LONG = 413
TOO_LONG_WORDS = mark("A form has at most 64 KiB. Nothing was changed.")


class BodyLimit:
    """Refuses a body by the length that it says it has, else once more than the limit came."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and int(said[:20]) > BODY_MAX:
            answer = PlainTextResponse(told(TOO_LONG_WORDS), status_code=TOO_LONG)
            await answer(scope, receive, send)
            return
        came = 0

        async def receive_counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > BODY_MAX:
                raise HTTPException(TOO_LONG)
            return message

        await self._app(scope, receive_counted, send)
