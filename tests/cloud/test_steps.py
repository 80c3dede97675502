"""One-step acts: each a prescription of its own, with its undo in plain words."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.patients.models import Patient
from cloud.prescriptions.models import StoredPrescription
from shared.dose.envelope import violations
from shared.dose.prescription import Prescription, PrescriptionKind, from_bytes
from shared.trust.statements import Gate
from tests.cloud.passkey import read_request
from tests.cloud.test_pages import sign_in
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.worlds import World

MEASURED = {"percent": "52", "method": "twitch", "by": "N. Example"}


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


class Treated:
    """A patient with a signed treatment, and somebody who is signed in."""

    def __init__(self, world: World, pages: TestClient) -> None:
        self.patient, _ = world.enrol()
        self.before = draft(world, self.patient, intensity=100)
        self.passkey = certified(world)
        take(world, self.passkey.answer([self.before.data]))
        self._pages, self.token = pages, sign_in(world, pages)

    def path(self, step: str) -> str:
        return f"/patients/{self.patient.patient_id.hex()}/steps/{step}"

    def send(self, step: str, **form: str) -> str:
        usual = {
            "patient_id": self.patient.patient_id.hex(),
            "serial": "2",
            "form_token": self.token,
        }
        return self._pages.post(self.path(step), data=usual | form).text


@pytest.fixture
def treated(world: World, pages: TestClient) -> Treated:
    return Treated(world, pages)


def made(page: str) -> Prescription:
    """Return what the page hands to the desk; it must be inside the envelope."""
    (data,) = read_request(page.partition("#request=")[2].partition('"')[0])
    found = from_bytes(data)
    assert violations(found) == (), found
    return found


def test_each_step_says_what_it_does_and_what_undoes_it(
    pages: TestClient, treated: Treated
) -> None:
    listed = pages.get(treated.path("x").removesuffix("/x")).text
    for step, words in (
        ("threshold", "sign the old value again"),
        ("titration", "lapses by itself after a day"),
        ("make-up", "sign again"),
        ("end", "no undo: treatment goes on only by a new prescription"),
    ):
        page = pages.get(treated.path(step)).text
        assert "Maria Sample, 45" in page
        assert words in page.replace("&#39;", "'")
        assert words in listed.replace("&#39;", "'")
    assert pages.get(treated.path("other")).status_code == 404


def test_an_end_ends_what_was_signed_last(world: World, treated: Treated) -> None:
    end = made(treated.send("end"))
    assert (end.kind, end.serial, end.replaces_hash) == (
        PrescriptionKind.END,
        2,
        treated.before.hash,
    )
    take(world, treated.passkey.answer([_bytes(world, 2)]))
    assert "no treatment that this could change" in treated.send("end", serial="3")


def test_a_titration_is_for_a_day_and_under_supervision(treated: Treated) -> None:
    found = made(treated.send("titration"))
    assert (found.kind, found.gates) == (PrescriptionKind.TITRATION, (Gate.SUPERVISED,))
    assert found.not_after_s - found.not_before_s == 86_400
    assert found.replaces_hash is None


@pytest.mark.parametrize(("hours", "seconds"), [("none", None), ("1", 3_600), ("4", 14_400)])
def test_a_make_up_is_allowed_for_so_long(
    treated: Treated, hours: str, seconds: int | None
) -> None:
    assert made(treated.send("make-up", hours=hours)).make_up_within_s == seconds


def test_a_make_up_of_another_length_is_refused(treated: Treated) -> None:
    assert "Choose one of the lengths" in treated.send("make-up", hours="5")


def test_a_threshold_is_compared_first_then_signed_with_how_and_by_whom(
    world: World, treated: Treated
) -> None:
    shown = treated.send("threshold", **MEASURED)
    assert "#request=" not in shown
    assert "50 %</td><td><strong>52 %" in shown
    found = made(treated.send("threshold", **MEASURED, seen="52"))
    assert (found.threshold.percent_mso, found.threshold_step_signed) == (52, False)
    assert not found.threshold.demo, "it was measured, by somebody who is named"
    with world.database.read("demo") as session:
        stored = session.scalars(select(StoredPrescription).filter_by(serial=2)).one()
        assert (stored.threshold_method, stored.threshold_by) == ("twitch", "N. Example")


def test_a_large_step_of_the_threshold_is_asked_for_twice_and_signed_as_meant(
    treated: Treated,
) -> None:
    large = MEASURED | {"percent": "61"}
    shown = treated.send("threshold", **large)
    assert "From 50 % to 61 % of output: is that meant?" in shown
    assert "#request=" not in treated.send("threshold", **large, seen="61")
    assert "#request=" not in treated.send("threshold", **large, seen="61", step_meant="60")
    found = made(treated.send("threshold", **large, seen="61", step_meant="61"))
    assert found.threshold_step_signed


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"percent": "0"}, "a whole number from 1 to 100"),
        ({"percent": "x"}, "a whole number from 1 to 100"),
        ({"method": "guess"}, "how the threshold was measured"),
        ({"by": " "}, "who measured the threshold"),
        ({"by": "x" * 65}, "who measured the threshold"),
    ],
)
def test_a_measurement_that_is_none_comes_back_with_why(
    treated: Treated, wrong: dict[str, str], words: str
) -> None:
    assert words in treated.send("threshold", **MEASURED | wrong)


def test_a_step_of_another_tab_or_upon_an_older_version_is_not_taken(
    pages: TestClient, treated: Treated
) -> None:
    assert "another patient" in treated.send("end", patient_id="00" * 16)
    late = treated.send("end", serial="1")
    assert "#request=" not in late
    assert "Version 1 was signed by A. Example" in late
    assert "#request=" in treated.send("end", serial="2")


def test_where_nothing_is_prescribed_no_step_is_offered(world: World, pages: TestClient) -> None:
    patient: Patient = world.enrol()[0]
    sign_in(world, pages)
    page = pages.get(f"/patients/{patient.patient_id.hex()}/steps/end").text
    assert "Prescribe one first" in page


def _bytes(world: World, serial: int) -> bytes:
    with world.database.read("demo") as session:
        return session.scalars(select(StoredPrescription).filter_by(serial=serial)).one().data
