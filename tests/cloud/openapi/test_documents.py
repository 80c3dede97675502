"""Every answer is one that the OpenAPI document has, to requests that schemathesis makes up by it.

As an enrolled phone and as a member of staff with every role, so that what is behind the door is
asked too; and as nobody. A failure (5xx) and an answer outside the document are found alike.
"""

from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from cloud.dashboard.app import create_app as pages_app
from cloud.dashboard.described import described
from cloud.ingest.app import create_app as phones_app
from tests.cloud.openapi.asking import Caller, document_of, sweep
from tests.cloud.openapi.phones import PhoneCaller
from tests.cloud.openapi.staff import StaffCaller
from tests.cloud.worlds import World


def caller_of(
    world: World, folder: Path, what: str, *, known: bool
) -> tuple[Caller, dict[str, Any]]:
    """Return who asks, and the document that the answers are held to."""
    if what == "phones":
        phone = PhoneCaller(world, signs=known)
        return phone, phone.app.openapi()
    staff = StaffCaller(world, folder, signed_in=known)
    return staff, described(staff.app)


def test_both_documents_are_openapi(world: World) -> None:
    for document in (
        phones_app(world.settings, world.clock).openapi(),
        described(pages_app(world.settings, world.clock)),
    ):
        OpenAPIV31SpecValidator(document).validate()


@pytest.mark.parametrize("what", ["phones", "pages"])
def test_a_few_requests_to_every_operation(world: World, tmp_path: Path, what: str) -> None:
    caller, document = caller_of(world, tmp_path, what, known=True)
    seen = sweep(document_of(document), caller, examples=0, one_in=6)
    assert {200, 422} <= set(seen)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("known", [True, False], ids=["known", "nobody"])
@pytest.mark.parametrize("what", ["phones", "pages"])
def test_many_requests_to_every_operation(
    world: World, tmp_path: Path, what: str, known: bool
) -> None:
    caller, document = caller_of(world, tmp_path, what, known=known)
    seen = sweep(document_of(document), caller, examples=6)
    print(f"\n{what}, {'known' if known else 'nobody'}: {seen.total()} requests, {dict(seen)}")


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("what", ["phones", "pages"])
def test_on_postgresql_too(postgresql_world: World, tmp_path: Path, what: str) -> None:
    caller, document = caller_of(postgresql_world, tmp_path, what, known=True)
    seen = sweep(document_of(document), caller, examples=3)
    print(f"\n{what} on PostgreSQL: {seen.total()} requests, {dict(seen)}")
