"""Bulk export: asked for, planned by the worker, taken as NDJSON, ended; of one system alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.audit.models import AuditEvent
from cloud.dashboard.app import create_app
from cloud.fhir.bulk import service
from cloud.fhir.bulk.models import BulkExport, ExportPart
from cloud.fhir.bundle import chart_of, resources_of
from cloud.fhir.chart import KINDS
from cloud.fhir.systems.models import AccessToken, UsedAssertion
from cloud.patients.erasing import erase
from tests.cloud.fhir.systems import System, registered
from tests.cloud.fhir.treated import chart_in, treated
from tests.cloud.many_patients import admitted
from tests.cloud.workers import worker_of
from tests.cloud.worlds import World

ASYNC = {"Prefer": "respond-async", "Accept": "application/fhir+json"}


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as made:
        yield made


@pytest.fixture
def system(world: World, client: TestClient) -> System:
    return registered(world, client)


def asked_for(system: System, token: str, query: str = "") -> str:
    """Ask for an export; return its address."""
    answer = system.send(f"$export{query}", token, **ASYNC)
    assert answer.status_code == 202, answer.text
    address: str = answer.headers["content-location"]
    return address


def planned(world: World) -> None:
    with world.database.write("demo") as session:
        service.plan(session, "demo", now_ms=world.clock.now_ms)


def lines_of(system: System, token: str, url: str) -> list[Any]:
    answer = system.send(url, token)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/fhir+ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_whole_clinic_is_taken_and_is_what_the_charts_are(world: World, system: System) -> None:
    patient_id = treated(world)
    chart = chart_in(world, patient_id)
    token = system.token()
    address = asked_for(system, token)
    waits = system.send(address, token)
    assert (waits.status_code, waits.headers["retry-after"]) == (202, "5")
    worker_of(world).round()
    manifest = system.resource(address, token)
    assert manifest["requiresAccessToken"] is True
    assert [each["type"] for each in manifest["output"]] == list(KINDS)
    found = [line for each in manifest["output"] for line in lines_of(system, token, each["url"])]
    entries = [{"resource": each} for each in found if each["resourceType"] != "AuditEvent"]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    wanted = [each for each in resources_of(chart) if each["resourceType"] != "AuditEvent"]
    assert list(resources_of(chart_of(bundle))) == wanted


def test_each_file_that_is_taken_is_a_line_about_its_patients(world: World, system: System) -> None:
    patient, _ = world.enrol()
    token = system.token()
    address = asked_for(system, token, "?_type=Patient")
    planned(world)
    (output,) = system.resource(address, token)["output"]
    assert [each["id"] for each in lines_of(system, token, output["url"])] == [
        patient.patient_id.hex()
    ]
    with world.database.read("demo") as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.actor.like("system/%"))).all()
    assert [(each.action, each.patients) for each in lines] == [
        ("asked for a bulk export", b""),
        ("took a bulk export", patient.patient_id),
    ]


def test_many_patients_are_shared_among_files(
    world: World, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PATIENTS_A_FILE", 2)
    with world.database.write("demo") as session:
        everybody = sorted(admitted(session, 5, now_ms=world.clock.now_ms))
    token = system.token()
    address = asked_for(system, token, "?_type=Patient")
    planned(world)
    files = [
        lines_of(system, token, each["url"]) for each in system.resource(address, token)["output"]
    ]
    assert [len(each) for each in files] == [2, 2, 1]
    assert [one["id"] for each in files for one in each] == [each.hex() for each in everybody]


def test_who_is_erased_meanwhile_is_in_no_file(world: World, system: System) -> None:
    patient, _ = world.enrol()
    token = system.token()
    address = asked_for(system, token, "?_type=Patient")
    planned(world)
    (output,) = system.resource(address, token)["output"]
    erase(world.database, "demo", patient.patient_id, actor="x", now_ms=world.clock.now_ms)
    assert lines_of(system, token, output["url"]) == []


def test_a_deleted_export_is_gone_with_its_files(world: World, system: System) -> None:
    world.enrol()
    token = system.token()
    address = asked_for(system, token, "?_type=Patient")
    planned(world)
    (output,) = system.resource(address, token)["output"]
    assert system.send(address, token, method="DELETE").status_code == 202
    for path in (address, output["url"]):
        assert system.send(path, token).status_code == 404
    assert system.send(address, token, method="DELETE").status_code == 404
    with world.database.read("demo") as session:
        assert session.scalars(select(ExportPart)).all() == []


def test_an_export_is_its_own_systems_alone(
    world: World, client: TestClient, system: System
) -> None:
    address = asked_for(system, system.token())
    other = registered(world, client)
    assert other.send(address, other.token()).status_code == 404


def test_an_export_ends_by_itself_and_leaves_nothing(world: World, system: System) -> None:
    world.enrol()
    address = asked_for(system, system.token())
    planned(world)
    world.clock.now_ms += service.LASTS_MS
    assert system.send(address, system.token()).status_code == 404
    world.clock.now_ms += service.LASTS_MS
    with world.database.write("demo") as session:
        assert service.forget(session, "demo", now_ms=world.clock.now_ms) == 1
    with world.database.read("demo") as session:
        for table in (BulkExport, ExportPart, AccessToken, UsedAssertion):
            assert session.scalars(select(table)).all() == [], table


@pytest.mark.parametrize(
    ("query", "headers", "field"),
    [
        ("", {}, "Prefer"),
        ("?_since=2026-03-02", ASYNC, "_since"),
        ("?_type=Person", ASYNC, "_type"),
        ("?_outputFormat=csv", ASYNC, "_outputFormat"),
    ],
)
def test_an_export_that_is_not_done_names_the_parameter(
    system: System, query: str, headers: dict[str, str], field: str
) -> None:
    answer = system.send(f"$export{query}", system.token(), **headers)
    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"] == [field]


def test_a_type_outside_the_scopes_is_neither_asked_for_nor_taken(
    world: World, client: TestClient, system: System
) -> None:
    token = system.token("system/Patient.read")
    answer = system.send("$export?_type=Device", token, **ASYNC)
    assert answer.json()["issue"][0]["expression"] == ["_type"]
    wide = asked_for(system, system.token())
    planned(world)
    world.enrol()
    assert system.send(f"{wide}/Device/1", token).status_code == 403


def test_a_system_has_so_many_exports_open_and_no_more(system: System) -> None:
    token = system.token()
    for _ in range(service.OPEN_MAX):
        asked_for(system, token)
    answer = system.send("$export", token, **ASYNC)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
