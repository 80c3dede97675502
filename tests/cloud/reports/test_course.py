"""The course report: its sums are the band's, its number is the record's, its cells are text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from cloud.cli import main
from cloud.clinics.models import Clinic
from cloud.dashboard.app import create_app
from cloud.patients.models import Patient
from cloud.prescriptions.service import newest_in_force
from cloud.reports.csv_file import COLUMNS, neutral
from cloud.reports.errors import BadPeriod
from cloud.reports.period import Period, read_period
from cloud.verifier import cli as verify
from shared.dose.prescription import from_bytes
from shared.dose.verification import verification_number
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import a_day_later, patient_with, send, treating
from tests.cloud.test_pages import actions, sign_in
from tests.cloud.test_worker import check_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World

Rows = list[dict[str, str]]
DOCUMENT = Path(__file__).resolve().parents[3] / "docs/course-report.md"


@pytest.fixture
def band(world: World, phone: Phone) -> Band:
    """Three days: a whole session, a partial one, a whole one."""
    made = treating(world, phone)
    for trains in (20, 4, 20):
        made.session(trains=trains)
        a_day_later(world, made)
    send(phone, made)
    return made


@pytest.fixture
def pages(world: World, band: Band) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        sign_in(world, client)
        yield client


def rows_of(pages: TestClient, band: Band, period: str = "") -> Rows:
    answer = pages.get(f"/patients/{band.patient_id.hex()}/report.csv{period}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def of_kind(rows: Rows, kind: str) -> Rows:
    return [each for each in rows if each["row"] == kind]


def sums(rows: Rows) -> dict[str, str]:
    return {each["name"]: each["value"] for each in of_kind(rows, "sum")}


def page_of(pages: TestClient, band: Band, period: str = "") -> str:
    answer = pages.get(f"/patients/{band.patient_id.hex()}/report{period}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.both_databases
def test_sessions_add_up_to_what_the_band_charged(pages: TestClient, band: Band) -> None:
    rows = rows_of(pages, band)
    sessions = of_kind(rows, "session")
    assert [each["pulses"] for each in sessions] == ["600", "120", "600"]
    assert sum(int(each["pulses"]) for each in sessions) == band.state.total_pulses
    assert sums(rows)["pulses"] == str(band.state.total_pulses)
    assert (sums(rows)["treatments"], sums(rows)["partial"]) == ("3", "1")
    assert {each["device"] for each in sessions} == {"CB-0001"}
    assert {each["percent_of_output"] for each in sessions} == {"57"}
    assert {each["percent_of_threshold"] for each in sessions} == {"120"}
    assert sessions[0]["time"] == "2026-03-02T09:00:00+00:00"
    assert "1,320" in page_of(pages, band)


def test_threshold_is_the_signed_one_that_was_in_force(
    world: World, pages: TestClient, band: Band, phone: Phone
) -> None:
    (line,) = of_kind(rows_of(pages, band), "threshold")
    with world.database.read("demo") as session:
        stored = newest_in_force(session, "demo", patient_with(world, phone).patient_id)
    assert stored is not None
    assert line["value"] == str(from_bytes(stored.data).threshold.percent_mso)
    assert line["note"] == "typed in, not measured"


def test_what_is_not_verified_is_left_out_and_said(
    pages: TestClient, phone: Phone, band: Band
) -> None:
    verified = band.state.number
    band.session()
    phone.items(band.record_items(verified + 1))
    rows = rows_of(pages, band)
    assert sums(rows)["pulses"] == "1320"
    (record,) = of_kind(rows, "record")
    left_out = band.state.number - verified
    assert record["note"] == f"{left_out} records not verified yet"
    assert f"{left_out} records of CB-0001 are known of and not verified" in page_of(pages, band)


def test_period_takes_its_days_and_counts_what_it_leaves_out(pages: TestClient, band: Band) -> None:
    period = "?first=2026-03-03&last=2026-03-03"
    rows = rows_of(pages, band, period)
    assert [each["pulses"] for each in of_kind(rows, "session")] == ["120"]
    assert sums(rows)["sessions_outside_period"] == "2"
    assert "2 verified sessions of this patient lie outside" in page_of(pages, band, period)


def test_empty_period_says_so_and_has_no_number(pages: TestClient, band: Band) -> None:
    page = page_of(pages, band, "?first=2026-02-01&last=2026-02-02")
    assert 'id="none"' in page
    assert "there is no verification number" in page


@pytest.mark.parametrize(
    ("first", "last", "field", "limit"),
    [
        ("2026-13-40", "", "first", "2026-03-02"),
        ("", "<b>", "last", "2026-03-02"),
        ("1999-12-31", "", "first", "2000-01-01"),
        ("", "2026-03-06", "last", "2026-03-05"),
        ("2026-03-04", "2026-03-03", "first", "2026-03-03"),
    ],
)
def test_bad_period_names_its_field_and_the_limit(
    first: str, last: str, field: str, limit: str
) -> None:
    today = date(2026, 3, 5)
    with pytest.raises(BadPeriod, match=limit) as caught:
        read_period(first, last, Period(date(2026, 3, 2), today), today=today)
    assert caught.value.field == field


def test_bad_period_is_said_on_the_page_and_makes_no_file(pages: TestClient, band: Band) -> None:
    address = f"/patients/{band.patient_id.hex()}/report"
    answer = pages.get(f"{address}?first=%3Cb%3E")
    assert answer.status_code == 422
    assert "First day: “&lt;b&gt;” is no day" in answer.text
    refused = pages.get(f"{address}.csv?first=x", headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (422, "period")


@pytest.fixture
def quiet_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's own logging would outlive the stream that a test captures."""
    monkeypatch.setattr("cloud.cli.configure", lambda _: None)


def computed(world: World, out: Path, at: int, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the number as an auditor computes it, from the record's file alone."""
    command = ["export-ledger", "--data", str(world.settings.data), "--out", str(out)]
    main([*command, "--device", "CB-0001"])
    capsys.readouterr()
    maker = str(world.identity.folder / "manufacturer.pub")
    verify.main([str(out), "--manufacturer", maker, "--number-at", str(at)])
    (line,) = [x for x in capsys.readouterr().out.splitlines() if x.startswith("number at")]
    return line.rpartition(": ")[2]


def test_auditor_computes_the_same_number_from_the_record_alone(
    world: World,
    pages: TestClient,
    phone: Phone,
    band: Band,
    quiet_logs: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (record,) = of_kind(rows_of(pages, band), "record")
    assert record["value"] in page_of(pages, band)
    assert record["record"] == str(band.state.number)
    at = int(record["record"])
    assert computed(world, tmp_path / "all", at, capsys) == record["value"]
    assert computed(world, tmp_path / "less", at - 1, capsys) != record["value"]
    band.session()
    phone.items(band.record_items(at + 1))
    assert computed(world, tmp_path / "more", at + 1, capsys) == "NOT PROVEN"


@pytest.mark.both_databases
def test_past_period_keeps_its_number_while_the_record_grows(
    world: World, pages: TestClient, phone: Phone, band: Band
) -> None:
    period = "?first=2026-03-02&last=2026-03-03"
    (before,) = of_kind(rows_of(pages, band, period), "record")
    (whole,) = of_kind(rows_of(pages, band), "record")
    grown = band.state.number + 1
    band.session()
    send(phone, band, grown)
    (after,) = of_kind(rows_of(pages, band, period), "record")
    assert (after["value"], after["record"]) == (before["value"], before["record"])
    assert of_kind(rows_of(pages, band), "record")[0]["value"] != whole["value"]


def test_number_has_a_fixed_vector() -> None:
    number = verification_number(bytes(16), bytes(16), 1, bytes(32))
    assert number == "A2CF-4FD6-0581-4F97-2B0F"
    assert verification_number(bytes(16), bytes(16), 2, bytes(32)) != number


def test_scores_at_start_middle_and_end_carry_their_wording(
    world: World, pages: TestClient, phone: Phone, band: Band
) -> None:
    for name, answer in (("one", 2), ("two", 1), ("three", 0)):
        check_in(world, phone, name, (answer,) * 8 + (0,))
        world.clock.now_ms += 60_000
    worker_of(world).round()
    scores = of_kind(rows_of(pages, band), "score")
    assert [(each["kind"], each["value"]) for each in scores] == [
        ("start", "16"),
        ("middle", "8"),
        ("end", "0"),
    ]
    assert all(each["note"].startswith("own wording") for each in scores)


def test_each_look_and_each_file_is_written_down(
    world: World, pages: TestClient, band: Band
) -> None:
    page_of(pages, band)
    rows_of(pages, band)
    assert actions(world)[:2] == ["exported a course report", "read a course report"]


def test_made_up_clinic_says_so_on_page_and_file(
    world: World, pages: TestClient, band: Band
) -> None:
    assert "made-up data" not in str(rows_of(pages, band))
    with world.database.write("demo") as session:
        session.execute(update(Clinic).values(made_up=True))
    assert "Made-up data" in page_of(pages, band)
    assert all("made-up data" in each["note"] for each in of_kind(rows_of(pages, band), "about"))
    answer = pages.get(f"/patients/{band.patient_id.hex()}/report.csv")
    assert 'filename="made-up-' in answer.headers["Content-Disposition"]


EVIL = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "|calc",
    "%x",
    "\t=1+1",
    "\r\n=1+1",
    "\u202e=1+1",
    "\u00a0=1+1",
    "\uff1d1+1",
    "\ufeff=1+1",
    "'=1+1",
)


@pytest.mark.parametrize("evil", EVIL)
def test_no_cell_begins_as_a_formula(evil: str) -> None:
    assert neutral(evil).startswith("'")
    assert neutral(neutral(evil).lstrip("'")).startswith("'")


def test_no_cell_has_markup_control_or_another_separator() -> None:
    shown = neutral("<script>x</script>;=1+1\u202e\x00\n=2")
    assert set(shown) & set("<>;\u202e\x00\n") == set()
    assert neutral("Müller, Åse 5") == "Müller, Åse 5"


def test_hostile_name_is_text_in_the_file_and_on_the_page(
    world: World, pages: TestClient, phone: Phone, band: Band
) -> None:
    with world.database.write("demo") as session:
        patient = session.get_one(Patient, ("demo", band.patient_id))
        patient.name = '=HYPERLINK("http://x.example";"<b>")\u202e,'
    about = {each["name"]: each["value"] for each in of_kind(rows_of(pages, band), "about")}
    assert about["patient"].startswith("'=HYPERLINK(")
    assert "<b>" not in page_of(pages, band).replace("<b></b>", "")


def test_each_column_stands_in_the_data_dictionary() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert [name for name in COLUMNS if f"| `{name}` |" not in text] == []


def test_report_of_nobody_is_not_there(pages: TestClient) -> None:
    for path in ("report", "report.csv"):
        assert pages.get(f"/patients/{'00' * 16}/{path}").status_code == 404
