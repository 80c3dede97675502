"""The export says no name, id or day; its k is pycanon's and an own count's; else it refuses."""

import csv
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from cloud.audit.models import AuditedPatient
from cloud.clinics.models import Clinic
from cloud.dashboard.app import create_app
from cloud.patients.models import Patient
from cloud.people.authority import Role
from cloud.reports.csv_file import FORMULA
from cloud.response.anonymity import k_of
from cloud.response.asking import k_by_pycanon
from cloud.response.coarsening import K_LEAST, STEPS, TooFewAlike, coarse
from cloud.response.rows import COLUMNS, QUASI, Row
from tests.cloud.response.clinic import with_cohort
from tests.cloud.test_pages import actions, sign_in
from tests.cloud.worlds import BIRTH_DATE, World

PLAIN = (20, 8, 1, 0, 30, 28, 1, 1, 0)
ANY_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{12,}")
ANY_ID = re.compile(r"[0-9a-f]{16,}")


def row(age: int | None = 45, month: int = 3, protocol: str = "mdd-l-dlpfc-itbs") -> Row:
    return Row(age, date(2025, month, 10), protocol, PLAIN)


def own_k(rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> int:
    return min(Counter(each[:3] for each in rows).values())


@pytest.mark.parametrize(
    ("rows", "step", "left_out"),
    [
        ([row()] * 5, 0, 0),
        ([row()] * 50 + [row(age=71)] * 3, 0, 3),
        ([row()] * 3 + [row(month=9)] * 3, 1, 0),
        ([row(age=31)] * 4 + [row(age=22)] * 4, 2, 0),
        ([row(age=None)] * 2 + [row()] * 3, 4, 0),
        ([row(protocol="a")] * 3 + [row(protocol="b")] * 3, 5, 0),
    ],
)
def test_rows_are_made_alike_by_the_first_step_that_is_enough(
    rows: list[Row], step: int, left_out: int
) -> None:
    found = coarse(rows)
    assert found.step == STEPS[step]
    assert found.suppressed == left_out
    assert len(found.rows) == len(rows) - left_out
    assert found.k == own_k(list(found.rows)) == k_by_pycanon(found.quasi, QUASI) >= K_LEAST


def test_pycanons_k_is_the_own_count_whichever_column_sets_somebody_apart() -> None:
    chance = random.Random(1)
    for _ in range(50):
        rows = [[chance.choice("abc") for _ in QUASI] for _ in range(chance.randint(1, 60))]
        assert k_of(rows, list(QUASI)) == own_k([tuple(each) for each in rows])
    assert k_of([["a", "x", "p"]] * 4 + [["a", "x", "q"]], list(QUASI)) == 1


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_patients_leave_nothing_out(count: int) -> None:
    with pytest.raises(TooFewAlike, match=f"Of {count} patients not even 5 are alike"):
        coarse([row()] * count)


def test_the_order_of_rows_says_nothing() -> None:
    rows = [
        replace(row(age=20 + number % 3 * 20), plain=(number, *PLAIN[1:])) for number in range(30)
    ]
    assert coarse(rows).rows == coarse(rows[::-1]).rows


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def taken(pages: TestClient, token: str) -> dict[str, list[list[str]]]:
    answer = pages.post("/response/export", data={"form_token": token})
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {
            name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
        }


def test_the_file_has_no_identifier_and_its_k_is_the_own_count(
    world: World, pages: TestClient
) -> None:
    ids = with_cohort(world, 60)
    token = sign_in(world, pages)
    files = taken(pages, token)
    head, *rows = files["cohort.csv"]
    words = {each[0]: each for each in files["dictionary.csv"]}
    assert head == [each.name for each in COLUMNS]
    assert set(head) < set(words)
    k = own_k([tuple(each) for each in rows])
    assert words["k"][1] == str(k)
    assert "pycanon 1.0.1" in words["k"][3]
    assert k >= K_LEAST
    assert len(rows) + int(words["rows_left_out_as_too_rare"][1]) == 60
    with world.database.read("demo") as session:
        people = session.scalars(select(Patient).where(Patient.clinic_id == "demo")).all()
        names = [word for each in people for word in (each.name, each.initials) if len(word) > 3]
        days = [str(each.birth_date) for each in people]
    text = "\n".join(",".join(each) for each in (*files["cohort.csv"], *files["dictionary.csv"]))
    devices = [world.identity.device_id.hex(), "CB-0001"]
    for secret in (*names, *days, *(each.hex() for each in ids), *devices):
        assert secret not in text
    assert not ANY_DAY.search(text)
    assert not ANY_ID.search(text)
    assert not [cell for each in rows for cell in each if cell[:1] in FORMULA]


def test_a_file_that_is_taken_is_written_down_for_each_patient_in_it(
    world: World, pages: TestClient
) -> None:
    ids = with_cohort(world, 12)
    token = sign_in(world, pages)
    page = pages.get("/response/export").text
    assert "k = " in page
    assert "pycanon" in page
    taken(pages, token)
    assert actions(world)[:2] == ["exported the cohort", "read the response"]
    with world.database.read("demo") as session:
        about = set(session.scalars(select(AuditedPatient.patient_id)))
    assert about == set(ids)


def test_a_small_clinic_and_who_may_not_get_no_file(world: World, pages: TestClient) -> None:
    with_cohort(world, 4)
    token = sign_in(world, pages)
    assert "No file leaves." in pages.get("/response/export").text
    answer = pages.post("/response/export", data={"form_token": token})
    assert (answer.status_code, answer.headers["content-type"]) == (409, "text/html; charset=utf-8")
    assert "exported the cohort" not in actions(world)
    for role in (Role.CARE_TEAM, Role.ADMINISTRATOR, Role.AUDITOR):
        token = sign_in(world, pages, roles=(role,))
        assert pages.post("/response/export", data={"form_token": token}).status_code == 403


def test_made_up_data_says_so_in_name_and_file(world: World, pages: TestClient) -> None:
    with_cohort(world, 12)
    with world.database.write("demo") as session:
        session.execute(update(Clinic).values(made_up=True))
    token = sign_in(world, pages)
    answer = pages.post("/response/export", data={"form_token": token})
    assert 'filename="made-up-circlet-cohort.zip"' in answer.headers["content-disposition"]
    files = taken(pages, token)
    assert ["data", "made-up data: nobody in this clinic is real", "", ""] in files[
        "dictionary.csv"
    ]
    assert str(BIRTH_DATE) not in str(files)
