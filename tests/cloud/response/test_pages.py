"""The pages say who counts, what is forecast and why not; in a browser without an axe violation."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import update
from starlette.testclient import TestClient

from cloud.clinics.models import Clinic
from cloud.dashboard.app import create_app
from cloud.prescriptions.models import StoredPrescription
from cloud.response import pages as response_pages
from cloud.response.asking import NotWorkedOut
from tests.cloud.axe import assert_accessible
from tests.cloud.browser import dashboard_of, page_of
from tests.cloud.response.clinic import with_cohort, with_one_in_between
from tests.cloud.test_pages import actions, sign_in
from tests.cloud.worlds import World

PATIENTS = 60


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def made_up(world: World) -> None:
    with world.database.write("demo") as session:
        session.execute(update(Clinic).values(made_up=True))


def test_the_clinics_cohort_is_shown_with_who_is_left_out(world: World, pages: TestClient) -> None:
    with_cohort(world, PATIENTS)
    with_one_in_between(world)
    sign_in(world, pages)
    page = pages.get("/response").text
    assert f"Patients who count: <strong>{PATIENTS}</strong>" in page
    assert f"Left out: 1 of {PATIENTS + 1} patients" in page
    assert "the first session is less than seven weeks ago" in page
    assert "more frequent among those who kept at least" in page
    model = pages.get("/response/model").text
    assert f"Patients to learn from: <strong>{PATIENTS}</strong>" in model
    assert 'id="coverage"' in model
    assert "first score: " in model
    assert "nothing applies itself" in model
    assert actions(world)[:2] == ["read the response", "read the response"]


def test_a_patient_is_forecast_and_a_prescriber_may_open_a_draft_that_changes_nothing(
    world: World, pages: TestClient
) -> None:
    with_cohort(world, PATIENTS)
    patient = with_one_in_between(world).hex()
    sign_in(world, pages)
    assert 'hx-get="/patients/' in pages.get(f"/patients/{patient}/forecast").text
    score = pages.get(f"/patients/{patient}/forecast/score").text
    assert "For four of five patients like these" in score
    assert "Nothing by itself." in score
    assert f'href="/patients/{patient}/prescribe"' in score
    assert actions(world)[0] == "read a forecast"
    with world.database.read("demo") as session:
        drafts = session.query(StoredPrescription).where(StoredPrescription.signed_ms.is_(None))
        assert drafts.count() == 0


def test_an_empty_clinic_and_a_small_one_cannot_say(world: World, pages: TestClient) -> None:
    sign_in(world, pages)
    assert "It takes 20." in pages.get("/response").text
    with_cohort(world, 10)
    patient = with_one_in_between(world).hex()
    assert "The cohort has 10 patients" in pages.get("/response/model").text
    score = pages.get(f"/patients/{patient}/forecast/score").text
    assert "The cohort has 10 patients" in score
    assert 'id="draft"' not in score


def test_who_does_not_reach_a_patient_learns_nothing(world: World, pages: TestClient) -> None:
    sign_in(world, pages)
    assert pages.get(f"/patients/{bytes(16).hex()}/forecast").status_code == 404
    assert pages.get(f"/patients/{bytes(16).hex()}/forecast/score").status_code == 404


def test_a_model_that_could_not_be_worked_out_is_said_in_words(
    world: World, pages: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise NotWorkedOut("The figures could not be worked out.")

    patient = with_one_in_between_of(world)
    sign_in(world, pages)
    monkeypatch.setattr(response_pages, "fitted", fails)
    monkeypatch.setattr(response_pages, "forecast_of", fails)
    for path in ("/response/model", f"/patients/{patient}/forecast/score"):
        answer = pages.get(path)
        assert answer.status_code == 200
        assert "The figures could not be worked out." in answer.text


def with_one_in_between_of(world: World) -> str:
    with_cohort(world, 5)
    return with_one_in_between(world).hex()


def test_every_view_of_a_made_up_clinic_is_marked(world: World, pages: TestClient) -> None:
    with_cohort(world, 25)
    patient = with_one_in_between(world).hex()
    made_up(world)
    sign_in(world, pages)
    for path in ("/response", "/response/model", "/response/export"):
        assert '<span class="badge now">Made-up data</span>' in pages.get(path).text, path
    for path in (f"/patients/{patient}/forecast", f"/patients/{patient}/forecast/score"):
        assert "Made-up data" in pages.get(path).text, path


@pytest.mark.timeout(240)
@pytest.mark.long
async def test_pages_in_a_browser_are_accessible(world: World) -> None:
    with_cohort(world, PATIENTS)
    patient = with_one_in_between(world).hex()
    made_up(world)
    with (
        dashboard_of(world) as origin,
        TestClient(create_app(world.settings, world.clock)) as client,
    ):
        sign_in(world, client)
        cookie = client.cookies["circlet"]
        async with page_of() as page:
            await page.context.add_cookies([{"name": "circlet", "value": cookie, "url": origin}])
            await _visited(page, origin, patient)


async def _visited(page: Page, origin: str, patient: str) -> None:
    for path, shown in (
        ("/response", "#coverage"),
        (f"/patients/{patient}/forecast", "#expected"),
        ("/response/export", "#k"),
    ):
        await page.goto(f"{origin}{path}")
        await expect(page.locator(shown)).to_be_visible(timeout=60_000)
        await assert_accessible(page)
