"""Lets a request be answered in the language that its browser asks for."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from cloud.language.languages import ENGLISH, LANGUAGES
from cloud.language.speaking import conversation

ASKED_MAX = 400
"""Characters of the header that are read: a browser's list is far shorter."""


class Spoken:
    """Begins a conversation for each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with conversation(best(Headers(scope=scope).get("accept-language", ""))):
            await self._app(scope, receive, send)


def best(asked: str) -> str:
    """Return the code of ours that an ``Accept-Language`` likes most (RFC 9110, 12.5.4)."""
    liked: dict[str, float] = {}
    for each in asked[:ASKED_MAX].split(","):
        tag, _, weight = each.partition(";")
        code = tag.strip().lower().split("-")[0]
        if code in LANGUAGES:
            liked[code] = max(liked.get(code, 0), _weight(weight))
    return max(liked, key=lambda code: liked[code]) if any(liked.values()) else ENGLISH.code


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not text.strip():
        return 1
    try:
        weight = float(value)
    except ValueError:
        return 0
    return weight if name.strip() == "q" and 0 <= weight <= 1 else 0
