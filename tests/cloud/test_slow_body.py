"""A body that doesn't come holds its place for a while, and no longer."""

import asyncio

import pytest
from starlette.requests import Request

from cloud.ingest import limits


def test_a_body_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READ_WITHIN_S", 0.02)
    asked = 0

    async def trickle() -> dict[str, object]:
        nonlocal asked
        asked += 1
        if asked == 1:
            return {"type": "http.request", "body": b"{", "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError

    request = Request({"type": "http", "headers": []}, trickle)

    async def read() -> None:
        with pytest.raises(limits.TooSlow, match="within"):
            await asyncio.wait_for(limits.read_body(request), 10)

    asyncio.run(read())
    assert asked == 2
