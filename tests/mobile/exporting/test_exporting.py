"""Own data as files: a table that spreadsheets read, a bundle that holds as FHIR R4, one page."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.R4B.bundle import Bundle

from mobile.exporting import OwnRecord, Scored, SessionLine, bundle, table, visit_page
from mobile.language import use
from mobile.presenters.words import Now

BEGIN_MS = 1_796_068_800_000
DAY_MS = 86_400_000
BAND, OLDER_BAND = bytes(range(16, 32)), bytes(range(32, 48))
OWN, OFFICIAL = "own wording, not validated", "official wording"


def session(number: int, **changes: Any) -> SessionLine:
    line = SessionLine(
        device_id=BAND,
        session_id=number.to_bytes(16, "big"),
        number=number,
        ended_ms=BEGIN_MS + number * DAY_MS,
        planned_pulses=600,
        charged_pulses=600,
        completed=True,
        cause="completed",
    )
    return replace(line, **changes)


def checkin(number: int, **changes: Any) -> Scored:
    answers = tuple((f"phq9-{item}", 1) for item in range(1, 10))
    given = BEGIN_MS + number * 7 * DAY_MS
    scored = Scored("phq-9", "Mood", given, answers, 9, 27, "mild", OWN)
    return replace(scored, **changes)


@pytest.fixture
def record() -> OwnRecord:
    return OwnRecord(
        now=Now(BEGIN_MS + 40 * DAY_MS, ZoneInfo("Europe/Berlin")),
        patient_id=bytes(range(16)),
        device_id=BAND,
        initials="T.P.",
        clinic_name="Clinic at the river",
        treatment="Intermittent theta burst",
        sessions_planned=30,
        record_number=412,
        sessions=(session(1), session(2, charged_pulses=180, completed=False, cause="stop")),
        checkins=(checkin(1), checkin(2, score=None, band="")),
    )


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def resources(data: bytes, kind: str) -> list[dict[str, Any]]:
    entries = json.loads(data)["entry"]
    found = [entry["resource"] for entry in entries]
    return [each for each in found if each["resourceType"] == kind]


def test_the_table_has_every_session_and_every_answer(record: OwnRecord) -> None:
    lines = rows(table(record))
    kinds = [line["kind"] for line in lines]
    assert kinds.count("session") == 2
    assert kinds.count("check-in") == 2
    assert kinds.count("answer") == 18
    assert lines[1]["note"] == "partial: stop"
    assert lines[0]["when"] == "2026-12-01T21:00:00+01:00"
    assert lines[2]["note"] == f"mild; {OWN}"


def test_nothing_in_the_table_is_a_formula(record: OwnRecord) -> None:
    nasty = replace(record, checkins=(checkin(1, title="=HYPERLINK(1)", score=-3),))
    line = next(line for line in rows(table(nasty)) if line["kind"] == "check-in")
    assert line["what"] == "'=HYPERLINK(1)"
    assert line["value"] == "-3"


def test_the_bundle_holds_as_fhir_r4(record: OwnRecord) -> None:
    found = Bundle.model_validate_json(bundle(record))
    assert found.type == "collection"
    assert len(found.entry or ()) == 2 + 2 + 3


def test_each_session_names_the_band_that_gave_it(record: OwnRecord) -> None:
    both = replace(record, sessions=(session(1, device_id=OLDER_BAND), session(2)))
    entries = json.loads(bundle(both))["entry"]
    bands = {
        each["fullUrl"]: each["resource"]["identifier"][0]["value"]
        for each in entries
        if each["resource"]["resourceType"] == "Device"
    }
    used = [each["usedReference"][0]["reference"] for each in resources(bundle(both), "Procedure")]
    assert [bands[each] for each in used] == [OLDER_BAND.hex(), BAND.hex()]
    assert len(bands) == 2


def test_every_reference_in_the_bundle_leads_somewhere(record: OwnRecord) -> None:
    data = json.loads(bundle(record))
    there = {entry["fullUrl"] for entry in data["entry"]}
    assert len(there) == len(data["entry"])

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["reference"]] if "reference" in node else []
            return own + [each for value in node.values() for each in references(value)]
        if isinstance(node, list):
            return [each for value in node for each in references(value)]
        return []

    assert references(data)
    assert set(references(data)) <= there


def test_the_same_export_twice_is_the_same_person_and_the_same_sessions(record: OwnRecord) -> None:
    assert bundle(record) == bundle(record)
    later = replace(record, sessions=(*record.sessions, session(3)))
    first = {entry["fullUrl"] for entry in json.loads(bundle(record))["entry"]}
    second = {entry["fullUrl"] for entry in json.loads(bundle(later))["entry"]}
    assert first < second


def test_a_code_stands_only_beside_official_wording(record: OwnRecord) -> None:
    (own,) = resources(bundle(record), "Observation")
    assert "coding" not in own["code"]
    assert own["note"] == [{"text": OWN}]
    official = replace(record, checkins=(checkin(1, code="44261-6", label=OFFICIAL),))
    (coded,) = resources(bundle(official), "Observation")
    assert coded["code"]["coding"] == [{"system": "http://loinc.org", "code": "44261-6"}]


def test_a_broken_off_session_is_no_completed_procedure(record: OwnRecord) -> None:
    whole, part = resources(bundle(record), "Procedure")
    assert whole["status"] == "completed"
    assert (part["status"], part["statusReason"]) == ("stopped", {"text": "stop"})
    assert "180 of 600" in part["note"][0]["text"]


def test_a_session_whose_hour_the_band_did_not_know_has_none(record: OwnRecord) -> None:
    unknown = replace(record, sessions=(session(1, ended_ms=None),))
    (found,) = resources(bundle(unknown), "Procedure")
    assert "performedPeriod" not in found
    assert rows(table(unknown))[0]["when"] == ""
    assert visit_page(unknown).startswith(b"%PDF")


@pytest.mark.parametrize("code", ["en", "de", "ar"])
def test_the_page_is_one_page_in_every_language(record: OwnRecord, code: str) -> None:
    full = replace(
        record,
        sessions=tuple(session(number) for number in range(1, 201)),
        checkins=tuple(checkin(number) for number in range(1, 60)),
    )
    use(code)
    try:
        page = visit_page(full)
    finally:
        use("en")
    assert page.startswith(b"%PDF")
    assert page.count(b"/Type /Page\n") == 1


def test_nothing_at_all_makes_a_page_too(record: OwnRecord) -> None:
    empty = replace(record, sessions=(), checkins=(), sessions_planned=0)
    assert visit_page(empty).startswith(b"%PDF")
    assert rows(table(empty)) == []
    assert len(Bundle.model_validate_json(bundle(empty)).entry or ()) == 2
