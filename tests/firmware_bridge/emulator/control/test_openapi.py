"""The document is OpenAPI 3.1, and every request is answered as it says."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from firmware_bridge.emulator.control.openapi import document
from firmware_bridge.emulator.control.routes import JSON, ROUTES, STREAM, Route
from tests.firmware_bridge.emulator.control.surfaces import Client, RestingBand

UNOWNED = ("/ledger.jsonl", "/ledger.cbor")
"""What a band without an owner refuses."""


def test_document_is_openapi() -> None:
    OpenAPIV31SpecValidator(document()).validate()


async def test_document_is_served(client: Client) -> None:
    assert await (await client.get("/openapi.json")).json() == document()


def test_every_field_of_an_answer_is_named_and_no_other_may_come() -> None:
    for name, schema in document()["components"]["schemas"].items():
        assert schema["additionalProperties"] is False, name
        assert schema["description"], name


@pytest.mark.parametrize(
    "route", [each for each in ROUTES if each.path not in UNOWNED], ids=lambda each: each.path
)
async def test_every_request_is_answered_as_described(
    band: RestingBand, client: Client, route: Route
) -> None:
    band.core.records = {1: b"\x01"}
    number = band.faults.place({"fault": "contact", "in_ms": 1000})
    path = route.path.format(name="contact", number=number)
    asked = {"fault": "contact"} if route.path == "/placements" else {}
    body = None if route.takes is None else asked
    async with client.request(route.method, path, json=body) as answer:
        assert answer.status == 200
        described = responses(route)["200"]["content"]
        assert list(described) == [answer.content_type]
        if route.media == STREAM:
            assert await answer.content.readline() == b"event: state\n"
        elif route.media == JSON:
            check(await answer.json(), described[JSON]["schema"])


@pytest.mark.parametrize("route", [each for each in ROUTES if each.takes or each.query])
async def test_every_refusal_is_as_described(client: Client, route: Route) -> None:
    sent: dict[str, Any] = {"data": "{"} if route.method == "POST" else {}
    path = route.path + ("" if route.query is None else "?unheard=1")
    async with client.request(route.method, path, **sent) as answer:
        assert answer.status == 400
        check(await answer.json(), responses(route)["400"]["content"][JSON]["schema"])


def responses(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = document()["paths"][route.path][route.method.lower()]["responses"]
    return found


def check(value: Any, schema: dict[str, Any]) -> None:
    """Raise where the value is not as the schema of this document says."""
    whole = schema | {"components": document()["components"]}
    Draft202012Validator(whole).validate(value)
