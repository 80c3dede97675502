"""What the desk says of a change: against the version that the bytes name, and at the edge."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from cloud import desk as package
from shared.dose.prescription import Prescription, PrescriptionKind, hash_of, to_bytes
from shared.stimulation.limits import absolute_limits
from shared.trust.staff_words import HandOver, HandOverPurpose, LiftHold, LiftLine
from shared.wire import fields
from tests.cloud.axe import assert_accessible
from tests.cloud.desk.browsing import Tab
from tests.cloud.desk.worlds import BILATERAL, DAY_S, SAMPLE, sample_bytes, signing_link

in_browser = pytest.mark.asyncio(loop_scope="package")
RETURN = "http://cloud.localhost:8080/desk-return"
STATIC = Path(package.__file__).parent / "static"


def following(before: Prescription, **changes: Any) -> bytes:
    """Return the bytes of the version after ``before``."""
    plain: dict[str, Any] = {
        "serial": before.serial + 1,
        "replaces_hash": hash_of(to_bytes(before)),
    }
    return to_bytes(replace(before, **plain | {"issued_s": before.issued_s + DAY_S} | changes))


async def rows(reader: Tab) -> list[str]:
    """Return the lines of what changes."""
    return await reader.page.locator(".changes tbody tr").all_inner_texts()


@in_browser
async def test_every_change_against_the_version_before_is_listed_and_marked(
    reader: Tab, desk: str
) -> None:
    part = replace(SAMPLE.parts[0], intensity_percent=90)
    limits = replace(SAMPLE.limits, course_sessions=20)
    data = following(SAMPLE, parts=(part,), limits=limits, button_required=False)
    await reader.show(signing_link(desk, [data], back=RETURN, before=to_bytes(SAMPLE)))
    said = await rows(reader)
    assert [each.split("\t")[0] for each in said] == ["Intensity", "the whole course", "Start"]
    assert "110 % of threshold, 57 %" in said[0]
    assert "90 % of threshold, 46 %" in said[0]
    assert "What changes against version 4" in await reader.text()
    marked = reader.page.locator(".pair.changed dt")
    assert {"Intensity", "Start", "Serial", "Replaces", "Written"} == set(
        await marked.all_inner_texts()
    )
    assert reader.complaints == []


@in_browser
async def test_a_change_of_parts_is_listed_row_by_row(reader: Tab, desk: str) -> None:
    data = following(SAMPLE, parts=BILATERAL.parts)
    await reader.show(signing_link(desk, [data], back=RETURN, before=to_bytes(SAMPLE)))
    said = "\n".join(await rows(reader))
    assert "right DLPFC (F4)" in said
    assert "75 trains" in said


@in_browser
async def test_the_same_once_more_says_that_nothing_changes(reader: Tab, desk: str) -> None:
    await reader.show(signing_link(desk, [following(SAMPLE)], back=RETURN, before=to_bytes(SAMPLE)))
    assert "Nothing changes against version 4" in await reader.text()


@in_browser
async def test_another_version_than_the_bytes_name_is_refused(reader: Tab, desk: str) -> None:
    """A hostile page brings a version that makes a raised intensity look unchanged."""
    part = replace(SAMPLE.parts[0], intensity_percent=120)
    flattering = sample_bytes(parts=(part,))
    data = following(SAMPLE, parts=(part,))
    await reader.show(signing_link(desk, [data], back=RETURN, before=flattering))
    assert await reader.page.locator("#sign").count() == 0
    assert "another version than the one that this replaces" in await reader.text()


@in_browser
async def test_a_version_that_was_kept_back_is_said_to_be_missing(reader: Tab, desk: str) -> None:
    await reader.show(signing_link(desk, [following(SAMPLE)], back=RETURN))
    assert "Not compared" in await reader.text()


@in_browser
async def test_other_bytes_than_the_clouds_page_showed_are_seen_at_the_desk(
    reader: Tab, desk: str
) -> None:
    """The page showed 110 %; the link holds 120 %, twice the trains, and another patient."""
    part = replace(SAMPLE.parts[0], intensity_percent=120, trains=40)
    data = following(SAMPLE, parts=(part,), initials="M.V.", patient_id=bytes(16))
    await reader.show(signing_link(desk, [data], back=RETURN, before=to_bytes(SAMPLE)))
    said = "\n".join(await rows(reader))
    for told in ("120 % of threshold", "40 trains", "K.V.", "M.V."):
        assert told in said, told
    assert "At the edge of what is allowed" in await reader.text()


@in_browser
@pytest.mark.parametrize(
    ("changes", "title", "line"),
    [
        ({"intensity_percent": 120}, "At the edge", "Intensity of theta burst, %: 120, at most"),
        ({"intensity_percent": 121}, "Outside what is allowed", "121, at most 120"),
        ({"trains": 60}, "At the edge", "Pulses a session: 1,800, at most 1,800"),
        ({"trains": 61}, "Outside what is allowed", "1,830, at most 1,800"),
    ],
)
async def test_the_envelopes_edge_is_said_in_words(
    reader: Tab, desk: str, changes: dict[str, Any], title: str, line: str
) -> None:
    data = sample_bytes(parts=(replace(SAMPLE.parts[0], **changes),))
    await reader.show(signing_link(desk, [data], back=RETURN))
    said = await reader.page.locator(".notice").all_inner_texts()
    assert [each for each in said if title in each and line in each]


@in_browser
async def test_well_inside_the_envelope_nothing_is_said_of_it(reader: Tab, desk: str) -> None:
    await reader.show(signing_link(desk, [sample_bytes()], back=RETURN))
    said = await reader.text()
    assert "edge of what" not in said
    assert "Outside what" not in said


@in_browser
async def test_a_lift_names_its_band_and_each_hold(reader: Tab, desk: str) -> None:
    lines = (LiftLine(b"\xab" * 16, b"\x12" * 32), LiftLine(b"\xcd" * 16, b"\x34" * 32))
    data = fields.pack(LiftHold(SAMPLE.device_id, lines))
    await reader.show(signing_link(desk, [data], back=RETURN, kind=LiftHold.TYPE))
    said = await reader.text()
    for told in ("Lift of holds", "2 holds", "0001 0203", "abab abab", "3434 3434", "no undo"):
        assert told in said, told
    await assert_accessible(reader.page)


@in_browser
@pytest.mark.parametrize(
    ("purpose", "told"),
    [
        (HandOverPurpose.RETIRE, "The end of a band"),
        (HandOverPurpose.RESET, "A band for nobody"),
        (HandOverPurpose.ANOTHER_OWNER, "A band for somebody else"),
    ],
)
async def test_a_hand_over_names_its_band_and_how_far_its_record_is_known(
    reader: Tab, desk: str, purpose: HandOverPurpose, told: str
) -> None:
    word = HandOver(SAMPLE.device_id, b"\xab" * 16, 4711, b"\x12" * 32, purpose)
    await reader.show(signing_link(desk, [fields.pack(word)], back=RETURN, kind=HandOver.TYPE))
    said = await reader.text()
    for each in (told, "4,711", "0001 0203", "abab abab", "1212 1212", "no undo"):
        assert each in said, each
    await assert_accessible(reader.page)


@in_browser
async def test_german_stands_beside_english_and_on_a_phone(clinician: Tab, desk: str) -> None:
    part = replace(SAMPLE.parts[0], intensity_percent=120)
    data = following(SAMPLE, parts=(part,))
    await clinician.page.set_viewport_size({"width": 360, "height": 780})
    await clinician.open(signing_link(desk, [data], back=RETURN, before=to_bytes(SAMPLE)))
    await clinician.page.check("#read-0")
    await clinician.page.click("#language")
    said = await clinician.text()
    for told in ("Lesen, dann signieren", "Am Rand des Erlaubten", "120 % der Schwelle", "Mo., 2."):
        assert told in said, told
    assert await clinician.page.locator("html").get_attribute("lang") == "de"
    assert await clinician.page.locator("#sign").is_disabled()
    assert await clinician.page.evaluate("document.documentElement.scrollWidth") == 360
    await assert_accessible(clinician.page)
    await clinician.page.click("#language")
    assert "Read, then sign" in await clinician.text()
    assert clinician.complaints == []


@in_browser
async def test_an_end_is_compared_with_what_it_ends(reader: Tab, desk: str) -> None:
    data = following(SAMPLE, kind=PrescriptionKind.END)
    await reader.show(signing_link(desk, [data], back=RETURN, before=to_bytes(SAMPLE)))
    assert "Nothing changes against version 4" in await reader.text()
    assert "End of treatment for K.V." in await reader.text()


def test_every_text_of_the_desk_has_its_german() -> None:
    german = (STATIC / "german.js").read_text("utf-8")
    known = {
        quoted or bare
        for quoted, bare in re.findall(r'^\s+(?:"((?:[^"\\]|\\.)*)"|(\w+)):', german, re.M)
    }
    said = set()
    for path in STATIC.glob("*.js"):
        if path.name not in ("german.js", "language.js"):
            source = path.read_text("utf-8")
            said |= set(re.findall(r'\bt\(\s*"((?:[^"\\]|\\.)*)"', source))
            said |= set(re.findall(r'\b(?:title|says|label|name): "([A-Z][^"]* [^"]*)"', source))
            said |= set(re.findall(r'"([A-Z][^"\n]*\.)"', source))
    assert len(said) > 150
    assert said - known - {"Circlet signing desk"} == set()


def test_the_desks_edges_are_those_of_the_safety_table() -> None:
    source = (STATIC / "edges.js").read_text("utf-8")
    found = {
        name: int(value.replace("_", ""))
        for name, value in re.findall(r"^  (\w+): ([\d_]+),$", source, re.M)
    }
    limits = absolute_limits()
    raw = json.loads(resources.files("shared.stimulation").joinpath("limits.json").read_text())
    assert found == {
        "theta_burst_intensity_percent": limits.theta_burst["intensity_percent_rmt_max"],
        "theta_burst_pulses_per_session": limits.theta_burst["pulses_per_session_max"],
        "pulses_per_session": limits.caps["pulses_per_session_max"],
        "output_percent_mso": raw["output_percent_mso_max"],
        "pulses_per_24h": limits.ceiling_pulses_per_24h,
        "pulses_per_168h": limits.ceiling_pulses_per_168h,
        "clearance_days": limits.caps["clearance_days_max"],
        "threshold_age_days": limits.caps["threshold_age_days_max"],
        "validity_days": limits.caps["validity_days_max"],
        "make_up_h": limits.caps["make_up_within_h"],
    }
