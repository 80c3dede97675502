"""The bound on what anybody may send."""

from __future__ import annotations

from starlette.requests import Request

from cloud.errors import CloudError

BODY_BYTES_MAX = 8 * 1024 * 1024


class TooLarge(CloudError):
    """The request is longer than the limit."""

    code = "too_large"
    status = 413


async def read_body(request: Request) -> bytes:
    """Return the body; raise TooLarge before more than the limit is held."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_BYTES_MAX:
            raise TooLarge(f"A request has at most {BODY_BYTES_MAX // 1024 // 1024} MB.")
    return bytes(body)
