"""Requests that schemathesis makes up by an OpenAPI document, and answers held against it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import httpx2
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SanitizationConfig, SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema
from schemathesis.transport.prepare import prepare_request

Operation = APIOperation[Any, Any, Any, Any]
Made = Case[Operation]
"""A case that was made up."""
AS_IT_IS = SanitizationConfig(enabled=False)
ORIGIN = "http://testserver"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@dataclass(frozen=True)
class Asked:
    """A request's parts, as bytes go over the wire."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The address, percent-encoded, with its query."""
        return self.url.removeprefix(ORIGIN)


Send = Callable[[Asked], httpx2.Response]
Change = Callable[[Made], None]


class Caller(Protocol):
    """Somebody who asks: by ``sender``, with what exists in the place of what was made up."""

    @property
    def last(self) -> tuple[str, ...]:
        """Return the addresses after which less is there to ask about."""

    def sender(self, operation: Operation, /) -> Send:
        """Return what sends this operation's requests."""

    def change(self, case: Made, /) -> None:
        """Put what exists in."""


def document_of(document: Mapping[str, Any]) -> OpenApiSchema:
    """Return the document as schemathesis reads it, without any settings file of its own."""
    return schemathesis.openapi.from_dict(dict(document), config=SchemathesisConfig())


def operations(document: OpenApiSchema) -> list[Operation]:
    """Return every operation."""
    return [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]


def asked(case: Made) -> Asked:
    """Return a case as a request."""
    prepared = prepare_request(case, None, config=AS_IT_IS, base_url=ORIGIN)
    body = prepared.body or b""
    assert isinstance(body, str | bytes)
    return Asked(
        str(prepared.method),
        str(prepared.url),
        {name: _text(value) for name, value in prepared.headers.items()},
        body.encode() if isinstance(body, str) else body,
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def hold(case: Made, send: Send) -> int:
    """Send one case and hold its answer against the document; return the status."""
    answer = send(asked(case))
    case.validate_response(answer, checks=CHECKS)
    return answer.status_code


def boundary_cases(operation: Operation) -> Iterator[Made]:
    """Yield the cases at every limit that the document names, the same ones each time."""
    generation = operation.schema.config.generation_for(operation=operation)
    yield from operation.schema.iter_coverage_cases(
        operation, generation_modes=list(MODES), generation_config=generation
    )


def _can_be_wrong(operation: Operation) -> bool:
    """Whether anything can be outside the schema: a path's text can't."""
    return bool([*operation.query]) or bool([*operation.body])


def fuzz(
    operation: Operation, send: Send, change: Change, *, examples: int, seen: list[int]
) -> None:
    """Send made-up cases of one operation, half of them within its schema and half outside."""
    for mode in MODES if _can_be_wrong(operation) else MODES[:1]:
        strategy = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def run(case: Made) -> None:
            change(case)
            seen.append(hold(case, send))

        run()


def sweep(
    document: OpenApiSchema, caller: Caller, *, examples: int, one_in: int = 1
) -> Counter[int]:
    """Ask every operation at its limits, one case ``one_in`` so many, then at random; return how
    often which status came."""
    seen: list[int] = []
    for operation in sorted(operations(document), key=lambda each: each.path in caller.last):
        send = caller.sender(operation)
        for case in islice(boundary_cases(operation), 0, None, one_in):
            caller.change(case)
            seen.append(hold(case, send))
        if examples:
            fuzz(operation, send, caller.change, examples=examples, seen=seen)
    return Counter(seen)
