"""The FHIR server: read, search by the page, $everything; who may, and what is written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from cloud.audit.service import newest
from cloud.dashboard.app import create_app
from cloud.fhir.bundle import resources_of
from cloud.fhir.chart import KINDS, OF_PATIENT, Chart
from cloud.fhir.elements import OBSERVATION_CATEGORY
from cloud.fhir.serving.cursor import _SHAPES, Cursor, decoded, encoded
from cloud.fhir.validating import validate
from cloud.people.authority import Role
from tests.cloud.authority.people import Visitor, visitor
from tests.cloud.fhir.treated import chart_in, treated
from tests.cloud.worlds import World, make_world


@dataclass
class Server:
    """A world whose patient was treated, with somebody who asks the server."""

    world: World
    patient: str
    chart: Chart
    client: TestClient
    who: Visitor

    def get(self, path: str, who: Visitor | None = None) -> httpx2.Response:
        cookie = (who or self.who).cookie
        headers = {"Cookie": f"circlet={cookie}"} if cookie else {}
        path = path.removeprefix(f"{self.world.settings.origin}/fhir/")
        answer: httpx2.Response = self.client.get(f"/fhir/{path}", headers=headers)
        assert answer.headers["content-type"] == "application/fhir+json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        return answer

    def resource(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        validate(found, found["resourceType"])
        return found

    def all(self, path: str) -> list[Any]:
        """Follow the next links to the end."""
        found: list[Any] = []
        next_path: str | None = path
        while next_path is not None:
            bundle = self.resource(next_path)
            found += [each["resource"] for each in bundle.get("entry", [])]
            links = {each["relation"]: each["url"] for each in bundle["link"]}
            next_path = links.get("next")
        return found

    def refused(self, path: str, status: int, who: Visitor | None = None) -> Any:
        answer = self.get(path, who)
        assert answer.status_code == status, answer.text
        found = answer.json()
        validate(found, "OperationOutcome")
        return found["issue"][0]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    world = make_world(tmp_path_factory.mktemp("served"))
    patient_id = treated(world)
    app = create_app(world.settings, world.clock)
    with TestClient(app, follow_redirects=False) as client:
        who = visitor(world, "Reader", Role.PRESCRIBER)
        chart = chart_in(world, patient_id)
        yield Server(world, patient_id.hex(), chart, client, who)
    world.database.close()


def looks_of(server: Server) -> list[tuple[str, str, bytes]]:
    with server.world.database.read("demo") as session:
        return [
            (each.action, each.route or "", each.patients or b"")
            for each in newest(session, "demo", 1000)
        ][::-1]


def test_the_capability_statement_is_valid_and_open_to_all(server: Server) -> None:
    nobody = Visitor("", "", "")
    answer = server.get("metadata", nobody)
    assert answer.status_code == 200
    found = answer.json()
    validate(found, "CapabilityStatement")
    (rest,) = found["rest"]
    assert [each["type"] for each in rest["resource"]] == list(KINDS)
    assert [each["name"] for each in rest["operation"]] == ["export"]
    (where,) = rest["security"]["extension"][0]["extension"]
    smart = server.client.get("/fhir/.well-known/smart-configuration").json()
    assert where == {"url": "token", "valueUri": smart["token_endpoint"]}


def test_every_resource_is_read_by_its_id(server: Server) -> None:
    for each in resources_of(server.chart):
        assert server.resource(f"{each['resourceType']}/{each['id']}") == each


@pytest.mark.parametrize("count", [4, 500])
def test_everything_is_the_whole_chart_whatever_the_page(server: Server, count: int) -> None:
    found = server.all(f"Patient/{server.patient}/$everything?_count={count}")
    wanted = [each for each in resources_of(server.chart) if each["resourceType"] != "AuditEvent"]
    assert [each for each in found if each["resourceType"] != "AuditEvent"] == wanted


@pytest.mark.parametrize("kind", [each for each in KINDS if each not in ("Patient", "AuditEvent")])
def test_a_type_is_searched_by_patient_and_paged(server: Server, kind: str) -> None:
    wanted = [each for each in resources_of(server.chart) if each["resourceType"] == kind]
    assert server.all(f"{kind}?patient=Patient/{server.patient}&_count=2") == wanted
    assert server.all(f"{kind}?patient={server.patient}") == wanted


def test_reading_on_does_not_read_of_itself(server: Server) -> None:
    path = f"AuditEvent?patient={server.patient}&_count=1"
    server.world.clock.now_ms += 1
    before = server.all(path)
    assert [each["recorded"] for each in before] == [before[0]["recorded"]] * len(before)
    server.world.clock.now_ms += 1
    assert len(server.all(path)) > len(before)


def test_no_page_is_longer_than_was_asked_for(server: Server) -> None:
    bundle = server.resource(f"Observation?patient={server.patient}&_count=2")
    assert len(bundle["entry"]) == 2
    assert bundle["link"][0]["url"].endswith("&_count=2")


def test_observations_are_searched_by_category_and_day(server: Server) -> None:
    doses = server.all(f"Observation?patient={server.patient}&category=therapy")
    assert len(doses) == 3
    day = doses[1]["effectiveDateTime"][:10]
    named = f"{OBSERVATION_CATEGORY}|therapy"
    assert server.all(f"Observation?patient={server.patient}&category={named}") == doses
    inside = server.all(f"Observation?patient={server.patient}&category=therapy&date={day}")
    assert inside == [doses[1]]
    later = server.all(f"Observation?patient={server.patient}&category=therapy&date=gt{day}")
    assert later == [doses[2]]
    at = doses[1]["effectiveDateTime"]
    between = f"date=ge{at}&date=lt{doses[2]['effectiveDateTime']}"
    assert server.all(f"Observation?patient={server.patient}&category=therapy&{between}") == inside


def test_patients_are_listed_and_each_listed_one_is_written_down(server: Server) -> None:
    found = server.all("Patient?_count=1")
    assert [each["id"] for each in found] == [server.patient]
    listed = [each for each in looks_of(server) if each[0] == "read the patients by FHIR"]
    assert listed[-2][1:] == ("GET /fhir/{kind}", bytes.fromhex(server.patient))


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("", "patient", "is needed"),
        ("patient=x", "patient", "is needed"),
        ("patient={}&_count=0", "_count", "from 1 to 500"),
        ("patient={}&_count=501", "_count", "from 1 to 500"),
        ("patient={}&code=x", "code", "is no parameter"),
        ("patient={}&date=2026-13-40", "date", "is no day"),
        ("patient={}&date=2026-03-02T10:00:00", "date", "zone"),
        ("patient={}&date=1&date=2&date=3", "date", "2 at most"),
        ("patient={}&category=x", "category", "is none of"),
        ("patient={}&category=http://x|therapy", "category", "is none of"),
        ("patient={}&category=|therapy", "category", "is none of"),
        ("patient={}&_cursor=x", "_cursor", "none that this server gave"),
        ("patient={}&_format=xml", "_format", "JSON"),
    ],
)
def test_a_parameter_is_refused_by_its_name_and_limit(
    server: Server, query: str, field: str, words: str
) -> None:
    issue = server.refused(f"Observation?{query.format(server.patient)}", 400)
    assert issue["expression"] == [field]
    assert words in issue["diagnostics"]


def test_a_cursor_of_another_search_is_refused(server: Server) -> None:
    other = encoded(Cursor("looks", (1,), 0))
    for path in (f"Observation?patient={server.patient}&", "Patient?"):
        issue = server.refused(f"{path}_cursor={other}", 400)
        assert issue["expression"] == ["_cursor"]


def test_every_shape_of_cursor_comes_back(server: Server) -> None:
    values: dict[type, Any] = {int: 7, bytes: b"\x07", str: "checkin/7"}
    assert set(_SHAPES) == {"patients", *(each.name for each in OF_PATIENT)}
    for name, shape in _SHAPES.items():
        for after in (None, tuple(values[kind] for kind in shape)):
            assert decoded(encoded(Cursor(name, after, 5))) == Cursor(name, after, 5)


def test_what_never_was_and_what_is_out_of_reach_are_answered_alike(server: Server) -> None:
    never = f"{server.patient}.{'0' * 30}"
    assert server.refused(f"Observation/{never}", 404)["code"] == "not-found"
    for path in ("Observation/x", f"Observation/{'00' * 16}.{'0' * 30}", "Patient/" + "00" * 16):
        assert server.refused(path, 404)["code"] == "not-found"
    assert server.refused("Person/x", 404)["code"] == "not-found"


def test_who_may_not_is_told_so_and_nothing_is_read(server: Server) -> None:
    auditor = visitor(server.world, "Auditor", Role.AUDITOR)
    before = len(looks_of(server))
    for path in (f"Patient/{server.patient}", f"Observation?patient={server.patient}"):
        assert server.refused(path, 403, auditor)["code"] == "forbidden"
        assert server.refused(path, 401, Visitor("", "", ""))["code"] == "login"
    assert len(looks_of(server)) == before


def test_each_look_is_one_line_about_the_patient(server: Server) -> None:
    observation = next(
        each for each in resources_of(server.chart) if each["resourceType"] == "Observation"
    )
    for path, route in (
        (f"Patient/{server.patient}", "GET /fhir/Patient/{patient}"),
        (f"Patient/{server.patient}/$everything", "GET /fhir/Patient/{patient}/$everything"),
        (f"Observation/{observation['id']}", "GET /fhir/{kind}/{id}"),
        (f"Observation?patient={server.patient}", "GET /fhir/{kind}"),
    ):
        before = len(looks_of(server))
        server.resource(path)
        assert looks_of(server)[before:] == [
            ("read FHIR resources", route, bytes.fromhex(server.patient))
        ]
