"""The control surface as one application: guard, routes, page, and errors in words.

Not for listening: the process does that.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from firmware_bridge.emulator.control.errors import BadValue, NotTaken
from firmware_bridge.emulator.control.guard import OPEN, Guard, guarding
from firmware_bridge.emulator.control.openapi import document
from firmware_bridge.emulator.control.page import add_page
from firmware_bridge.emulator.control.routes import JSON, ROUTES, STREAM, Route
from firmware_bridge.emulator.control.schema import Free, plain, taken
from firmware_bridge.emulator.control.shapes import Refusal
from firmware_bridge.emulator.control.surface import Surface
from firmware_bridge.emulator.faults.errors import FaultRefused


def control_app(surface: Surface, guard: Guard) -> web.Application:
    """Put the surface behind its guard."""
    app = web.Application(middlewares=[refuse_in_words, guarding(guard)])
    app.router.add_get(f"{OPEN}{{code}}", guard.open)
    app.router.add_get("/openapi.json", describe)
    for route in ROUTES:
        app.router.add_route(route.method, route.path, answering(route, surface))
    add_page(app)
    return app


async def describe(request: web.Request) -> web.Response:
    """The OpenAPI document."""
    return web.json_response(document())


def answering(route: Route, surface: Surface) -> Handler:
    """Take what the route takes, have it done, and answer as the route says."""

    async def answer(request: web.Request) -> web.StreamResponse:
        result = await route.act(surface, *await asked_of(route, request))
        if route.media == STREAM:
            return await streamed(request, result)
        if route.media == JSON:
            return web.json_response(plain(result))
        return web.Response(body=result, content_type=route.media)

    return answer


async def asked_of(route: Route, request: web.Request) -> list[Any]:
    """Everything that the request says, checked against the route's descriptions."""
    asked: list[Any] = list(request.match_info.values())
    if route.query is not None:
        words = {name: number_in(text) for name, text in request.query.items()}
        asked.append(taken(route.query, words))
    if route.takes is not None:
        value = await body(request)
        asked.append(value if isinstance(route.takes, Free) else taken(route.takes, value))
    return asked


def number_in(text: str) -> int | str:
    """A query's number as one; anything else as it is written."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else text


async def streamed(request: web.Request, events: AsyncGenerator[bytes]) -> web.StreamResponse:
    """Send events until the asker leaves."""
    response = web.StreamResponse(headers={"Content-Type": STREAM})
    await response.prepare(request)
    async with aclosing(events):
        with suppress(ConnectionResetError):
            async for event in events:
                await response.write(event)
    return response


@web.middleware
async def refuse_in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what can't be done with a status, a code, the field and a sentence."""
    try:
        return await handler(request)
    except NotTaken as problem:
        return refused(problem.status, problem.code, problem.field, str(problem))
    except FaultRefused as problem:
        return refused(400, problem.code, problem.field, str(problem))


def refused(status: int, code: str, field: str, sentence: str) -> web.Response:
    """A refusal as JSON."""
    refusal = Refusal(ok=False, code=code, field=field, error=sentence)
    return web.json_response(plain(refusal), status=status)


async def body(request: web.Request) -> dict[str, Any]:
    """The request's JSON object; an empty body counts as an empty object."""
    text = await request.text()
    try:
        value = json.loads(text or "{}")
    except ValueError as problem:
        raise BadValue("body", "JSON is wanted") from problem
    if not isinstance(value, dict):
        raise BadValue("body", "a JSON object is wanted")
    return value
