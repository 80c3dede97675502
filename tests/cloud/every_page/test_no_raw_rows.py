"""No page reads what came in row by row: what it shows was made of that when it came.

Heard are the statements that a page sends: `tests/cloud/distribution/listening.py`.
"""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.distribution.classes import RAW
from tests.cloud.distribution.listening import Heard, listening
from tests.cloud.every_page.addresses import Address, addresses
from tests.cloud.every_page.clinic import PageClinic

MEANT = {
    "/patients/{patient}/session-logs": {"session_logs"},
    "/patients/{patient}/sessions/{epoch}/{number}": {"ledger_stretches", "session_logs"},
}
"""Pages that show the very records, and of which tables: as many as one session has."""
FOLDED = {"/care": {"ledger_stretches"}, "/patients/{patient}/time": {"ledger_stretches"}}
"""The first page to foresee a lock, or to attest time over a head, folds the band's record, once a
process (`cloud.ledger.folds`); every page after it finds that kept."""
BOUNDED = {
    "cloud.ledger.stretches.newest": "a band's newest records, 256 at most, by the key's order",
    "cloud.ledger.known._stretches": "the stretches in which named records are, by their key",
}
"""Questions for few rows by their key, however long a record is; each with how many."""


@pytest.fixture(scope="module")
def app(clinic: PageClinic) -> FastAPI:
    return create_app(clinic.settings, clinic.clock)


@pytest.fixture(scope="module")
def pages(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False) as client:
        yield client


def read_by(pages: TestClient, clinic: PageClinic, address: Address) -> dict[str, str]:
    """The raw tables that a page reads, each with who asked."""
    heard: list[Heard] = []
    cookie = {"Cookie": f"circlet={clinic.cookies[address.visitor]}"}
    with listening(heard.append):
        pages.get(address.path, headers=cookie)
    return {
        table: each.author
        for each in heard
        if each.author not in BOUNDED
        for table in each.asked.tables & RAW
    }


def test_no_page_reads_raw_rows(app: FastAPI, pages: TestClient, clinic: PageClinic) -> None:
    found = {}
    for address in addresses(app, clinic.ids):
        if not address.route.endswith("/events"):
            read = read_by(pages, clinic, address)
            meant = MEANT.get(address.route, set()) | FOLDED.get(address.route, set())
            unmeant = read.keys() - meant
            if unmeant:
                found[address.route] = {table: read[table] for table in sorted(unmeant)}
    assert found == {}


@pytest.mark.parametrize("route", MEANT)
def test_what_is_meant_to_be_read_is_read(
    app: FastAPI, pages: TestClient, clinic: PageClinic, route: str
) -> None:
    (address,) = (each for each in addresses(app, clinic.ids) if each.route == route)
    assert read_by(pages, clinic, address).keys() == MEANT[route]
