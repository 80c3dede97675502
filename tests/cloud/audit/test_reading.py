"""The audit page says who looked at what, by name; of one person or one patient alone, if asked."""

import httpx2
import pytest
from starlette.testclient import TestClient

from cloud.audit.service import record
from cloud.people.authority import Role
from tests.cloud.authority.people import Visitor, visitor
from tests.cloud.worlds import World

MARIA, OTHER = b"m" * 16, b"o" * 16
WHO = 'class="name plain">N. Example</td>'


@pytest.fixture
def auditor(world: World) -> Visitor:
    nurse = world.member(Role.CARE_TEAM, "N. Example")
    with world.database.write("demo") as session:
        for patient in (MARIA, OTHER, MARIA):
            record(
                session,
                "demo",
                actor=f"staff/{nurse.staff_id.hex()}",
                action="read a patient",
                subject=f"patient/{patient.hex()}",
                now_ms=world.clock.now_ms,
                route="GET /patients/{patient}",
            )
    return visitor(world, "Auditor", Role.AUDITOR)


def get(pages: TestClient, who: Visitor, path: str) -> httpx2.Response:
    headers = {"Cookie": f"circlet={who.cookie}", "Accept": "text/html"}
    answer: httpx2.Response = pages.get(path, headers=headers)
    return answer


def test_a_line_names_who_looked_and_the_patient_by_the_pseudonym_alone(
    pages: TestClient, auditor: Visitor
) -> None:
    page = get(pages, auditor, "/audit").text
    line = next(each for each in page.split("<tr>") if "read a patient</td>" in each)
    assert WHO in line
    assert f'href="/audit?patient={MARIA.hex()}">patient {MARIA.hex()[:8]}</a>' in page
    assert "The log holds" in page


def test_lines_about_one_patient_are_all_of_these_and_no_other(
    pages: TestClient, auditor: Visitor
) -> None:
    page = get(pages, auditor, f"/audit?patient={MARIA.hex()}").text
    assert page.count("read a patient") == 2
    assert OTHER.hex()[:8] not in page
    assert "The log holds" not in page
    assert "A part of the log" in page


def test_lines_of_one_member_go_on_to_the_next_page(
    pages: TestClient, auditor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.audit.pages.PAGE", 2)
    first = get(pages, auditor, "/audit").text
    nurse = first[: first.index(">N. Example</option>")].rpartition('value="')[2].rstrip('"')
    page = get(pages, auditor, f"/audit?by={nurse}").text
    assert page.count(WHO) == 2
    older = page[page.index("/audit?before=") :].partition('"')[0].replace("&amp;", "&")
    assert f"by={nurse}" in older
    assert get(pages, auditor, older).text.count(WHO) == 1


def test_an_identifier_that_cannot_be_one_is_refused(pages: TestClient, auditor: Visitor) -> None:
    for bad in ("patient=xyz", "by=1", "patient=" + "A" * 32):
        assert get(pages, auditor, f"/audit?{bad}").status_code == 422
    assert "Nothing in the log fits." in get(pages, auditor, f"/audit?patient={'0' * 32}").text
