"""What was typed in wrong at enrolment is put right, by one at a time, and is written down."""

from collections.abc import Iterator
from datetime import date

import pytest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.patients.correcting import Details
from cloud.patients.models import Patient
from cloud.patients.service import device_of
from cloud.prescriptions.service import recipient_of
from tests.cloud.test_pages import actions, sign_in
from tests.cloud.worlds import BIRTH_DATE, World

STANDS = {"name": "Maria Sample", "birth_date": BIRTH_DATE.isoformat(), "indication": "mdd"}
DETAILS = STANDS | {"seen": Details("Maria Sample", BIRTH_DATE, "mdd").mark}
OTHERS = Details("Maria Simple", BIRTH_DATE, "mdd").mark


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


class Ward:
    """Somebody signed in who corrects one patient's details."""

    def __init__(self, world: World, pages: TestClient) -> None:
        self.world, self.pages = world, pages
        patient, _code = world.enrol()
        self.patient_id = patient.patient_id
        self.token = sign_in(world, pages)
        self.path = f"/patients/{patient.patient_id.hex()}"

    def correct(self, **changes: str) -> tuple[int, str]:
        """Send the form with these fields changed; return how it was answered."""
        form = DETAILS | {"patient_id": self.patient_id.hex(), "form_token": self.token} | changes
        answer = self.pages.post(f"{self.path}/details", data=form)
        return answer.status_code, answer.text

    def stands(self) -> tuple[str, date | None, str, str]:
        with self.world.database.read("demo") as session:
            found = session.get_one(Patient, ("demo", self.patient_id))
            return found.name, found.birth_date, found.indication, found.initials


@pytest.fixture
def ward(world: World, pages: TestClient) -> Ward:
    return Ward(world, pages)


def test_name_birth_date_and_indication_are_put_right_and_the_initials_follow(ward: Ward) -> None:
    page = ward.pages.get(f"{ward.path}/details").text
    assert "Correct the details of Maria Sample, 45" in page
    changed = {"name": " Mara  Sampel-Zu ", "birth_date": "1981-06-18", "indication": "ocd"}
    assert ward.correct(**changed)[0] == 303
    assert ward.stands() == ("Mara Sampel-Zu", date(1981, 6, 18), "ocd", "MS")
    assert "Mara Sampel-Zu, 44" in ward.pages.get(ward.path).text
    assert "corrected a patient's details" in actions(ward.world)
    with ward.world.database.read("demo") as session:
        found = session.get_one(Patient, ("demo", ward.patient_id))
        device = device_of(session, "demo", ward.patient_id)
        assert recipient_of(session, found, device).initials == "MS"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "  "}, "A name has 1 to 80 characters."),
        ({"name": "x" * 81}, "A name has 1 to 80 characters."),
        ({"birth_date": "1850-01-01"}, "outside a lifetime"),
        ({"birth_date": "2099-01-01"}, "outside a lifetime"),
        ({"birth_date": "17.5.1980"}, "as a day, month and year"),
        ({"indication": "headache"}, "Choose one of the indications."),
        ({"seen": OTHERS}, "Somebody corrected it meanwhile"),
        ({"seen": ""}, "Somebody corrected it meanwhile"),
    ],
)
def test_what_does_not_fit_changes_nothing_and_stays_in_the_form(
    ward: Ward, changes: dict[str, str], words: str
) -> None:
    before = ward.stands()
    status, text = ward.correct(**{"name": "Kept Word"} | changes)
    assert status == 422
    assert words in text
    assert ("Kept Word" in text) is ("name" not in changes)
    assert ward.stands() == before
    assert "corrected a patient's details" not in actions(ward.world)


def test_a_form_of_another_patient_is_refused(ward: Ward) -> None:
    before = ward.stands()
    assert ward.correct(patient_id="00" * 16)[0] == 404
    assert ward.stands() == before
