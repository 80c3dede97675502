"""The control surface as an OpenAPI 3.1 document, made from the table of routes.

Not for checking requests: the same descriptions do that in `schema`.
"""

from __future__ import annotations

import dataclasses
import typing
from functools import cache
from typing import Any

from firmware_bridge.emulator.control import errors
from firmware_bridge.emulator.control.routes import JSON, ROUTES, Route
from firmware_bridge.emulator.control.schema import Schema, Schemas
from firmware_bridge.emulator.control.shapes import Refusal

VERSION = "2.0.0"
ALWAYS = (errors.NoToken.status, errors.WrongHost.status)
MEANINGS = {
    400: "a field is not as described; nothing was changed",
    401: "neither token nor the page's cookie",
    403: "a page of another origin asks",
    404: "what is named doesn't exist",
    409: "not in the present state; nothing was changed",
    421: "asked under a name that is not this surface's",
}


@cache
def document() -> dict[str, Any]:
    """The whole document."""
    schemas = Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Circlet emulator: control surface",
            "version": VERSION,
            "description": "Hands, screwdrivers and a logic analyser at an emulated band. Nothing "
            "of it exists on a real one.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas.named,
        },
    }


def _operation(route: Route, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": route.act.__name__,
        "responses": {"200": _answer(route, schemas)}
        | {str(status): _refusal(status, schemas) for status in (*ALWAYS, *route.refusals)},
    }
    if route.query is not None:
        operation["parameters"] = _parameters(route.query, schemas)
    path_names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    if path_names:
        operation["parameters"] = [_path_parameter(name) for name in path_names]
    if route.takes is not None:
        content = {JSON: {"schema": schemas.of(route.takes)}}
        operation["requestBody"] = {"required": False, "content": content}
    return operation


def _answer(route: Route, schemas: Schemas) -> dict[str, Any]:
    schema: Schema = schemas.of(route.gives) if route.media == JSON else {"type": "string"}
    return {"description": route.summary, "content": {route.media: {"schema": schema}}}


def _refusal(status: int, schemas: Schemas) -> dict[str, Any]:
    content = {JSON: {"schema": schemas.of(Refusal)}}
    return {"description": MEANINGS[status], "content": content}


def _parameters(kind: Any, schemas: Schemas) -> list[dict[str, Any]]:
    schemas.of(kind)
    described = schemas.named.pop(kind.__name__)["properties"]
    hints = typing.get_type_hints(kind)
    return [
        {
            "name": field.name,
            "in": "query",
            "required": type(None) not in typing.get_args(hints[field.name]),
            "schema": described[field.name],
        }
        for field in dataclasses.fields(kind)
    ]


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
