"""A passkey ceremony over HTTP: the challenge travels in a sealed cookie, the answer as JSON."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from cloud.dashboard.parts import Dashboard
from cloud.errors import Refused
from cloud.people import passkeys

COOKIE = "circlet-ceremony"
BODY_MAX = 32_768


def begin(dashboard: Dashboard, purpose: str, options: str, challenge: bytes) -> Response:
    """Return the options for the browser, with the ceremony's cookie."""
    answer = Response(options, media_type="application/json")
    answer.set_cookie(
        COOKIE,
        dashboard.site.seal(purpose, challenge, now_ms=dashboard.clock.wall_ms()),
        httponly=True,
        samesite="strict",
        secure=dashboard.settings.https,
    )
    return answer


def running(dashboard: Dashboard, request: Request, purpose: str) -> bytes:
    """Return the challenge of the ceremony that the request's cookie holds."""
    return dashboard.site.challenge(
        purpose, request.cookies.get(COOKIE), now_ms=dashboard.clock.wall_ms()
    )


async def answer_of(request: Request) -> dict[str, Any]:
    """Return the JSON object that the page's script sent; raise Refused for anything else."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_MAX:
            raise Refused("The answer is too long.")
    return passkeys.parse_answer(bytes(body))
