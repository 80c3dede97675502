"""What the desk says about the bytes: every field, from the bytes alone, or it refuses."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from dataclasses import replace
from typing import Any

import pytest

from shared.dose import prescription as prescriptions
from shared.dose.prescription import (
    Limits,
    OpeningBalance,
    Part,
    Phase,
    Prescription,
    PrescriptionKind,
    Replacement,
    Threshold,
    ThresholdKind,
)
from shared.dose.totals import WEEK_MS
from shared.stimulation.pattern import Pattern, PatternKind
from shared.trust.challenge import PRESCRIPTION_TYPE, challenge, digest
from shared.trust.staff_words import AttestTime, HandOver, HandOverPurpose, LiftHold, LiftLine
from shared.trust.statements import Gate
from shared.wire import fields
from shared.wire.fields import Limits as FieldLimits
from tests.cloud.desk.browsing import Tab
from tests.cloud.desk.worlds import BILATERAL, SAMPLE, sample_bytes, signing_link

pytestmark = pytest.mark.asyncio(loop_scope="package")
RETURN = "http://cloud.localhost:8080/desk-return"
RECORDS = (
    Prescription,
    Part,
    Pattern,
    Threshold,
    Limits,
    Phase,
    OpeningBalance,
    Replacement,
    LiftHold,
    LiftLine,
    HandOver,
    AttestTime,
)
ENUMERATIONS: tuple[type[enum.IntEnum], ...] = (
    PrescriptionKind,
    ThresholdKind,
    Gate,
    PatternKind,
    HandOverPurpose,
)
DESCRIBE = """async (statements) => {
    const { describe } = await import("/words.js");
    return statements.map((data) => {
        const said = describe("circlet/prescription/v1", Uint8Array.from(data));
        const shown = (parts) => parts.map((part) => part.text).join("");
        return JSON.stringify(said, (key, value) => (key === "value" && Array.isArray(value)
            ? shown(value) : value));
    });
}"""


async def described(reader: Tab, desk: str, statements: list[bytes]) -> list[str]:
    """Return what the desk would show for each statement, as one text."""
    await reader.show(f"{desk}/")
    said: list[str] = await reader.page.evaluate(DESCRIBE, [list(data) for data in statements])
    return said


async def test_the_desks_tables_are_the_dataclasses(reader: Tab, desk: str) -> None:
    await reader.show(f"{desk}/")
    told = await reader.page.evaluate(
        """async () => {
            const { RECORDS, ENUMERATIONS } = await import("/words.js");
            return { RECORDS, ENUMERATIONS };
        }"""
    )
    assert told["RECORDS"] == {kind.__name__: declared(kind) for kind in RECORDS}
    assert told["ENUMERATIONS"] == {
        kind.__name__: {str(int(member)): member.name for member in kind} for kind in ENUMERATIONS
    }


def declared(kind: type[Any]) -> dict[str, Any]:
    """Return a dataclass's wire fields in the form of the desk's tables."""
    hints = typing.get_type_hints(kind)
    found = {}
    for field in dataclasses.fields(kind):
        limits: FieldLimits = field.metadata["wire"]
        found[str(limits.number)] = {"name": field.name} | shape(hints[field.name], limits)
    return found


def shape(hint: Any, limits: FieldLimits) -> dict[str, Any]:
    """Return a field's type and limits as the desk's tables write them."""
    if typing.get_origin(hint) is types.UnionType:
        (bare,) = (part for part in typing.get_args(hint) if part is not type(None))
        return shape(bare, limits) | {"optional": True}
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        item = {"name": inner.__name__.lower()} | shape(inner, FieldLimits(0, 0, None, None))
        return {
            "type": "list",
            "item": item,
            "minimum": limits.minimum,
            "maximum": limits.maximum,
        }
    if dataclasses.is_dataclass(hint):
        return {"type": "record", "of": typing.cast(type[Any], hint).__name__}
    if hint is bool:
        return {"type": "bool"}
    if issubclass(hint, enum.Enum):
        return {"type": "enum", "of": hint.__name__}
    least = limits.length if limits.length is not None else limits.minimum
    most = limits.length if limits.length is not None else limits.maximum
    if hint is int:
        most = fields.MAXIMUM_INT if most is None else most
    name = {int: "int", str: "text", bytes: "bytes"}[hint]
    return {"type": name, "minimum": least, "maximum": most}


def other(value: Any, name: str, new: Any) -> Any:
    """Return the record with one field changed."""
    return replace(value, **{name: new})


PART, THRESHOLD, LIMITS = SAMPLE.parts[0], SAMPLE.threshold, SAMPLE.limits
PHASE = Phase(20, 5, 14_400)
REPLACEMENT = Replacement(
    bytes(range(16)), SAMPLE.not_after_s, False, OpeningBalance(600, 1, 1200, 2, 6000, 10, 9)
)
OTHERS: list[tuple[str, Prescription]] = [
    *(("kind", replace(SAMPLE, kind=kind)) for kind in PrescriptionKind if kind is not SAMPLE.kind),
    ("clinic_id", replace(SAMPLE, clinic_id=b"other-clinic")),
    ("device_id", replace(SAMPLE, device_id=bytes(16))),
    ("patient_id", replace(SAMPLE, patient_id=bytes(16))),
    ("initials", replace(SAMPLE, initials="M.V.")),
    ("serial", replace(SAMPLE, serial=5)),
    ("replaces_hash", replace(SAMPLE, replaces_hash=bytes(32))),
    ("replaces_hash", replace(SAMPLE, replaces_hash=None)),
    ("new_course", replace(SAMPLE, new_course=True)),
    ("course_id", replace(SAMPLE, course_id=bytes(16))),
    ("protocol_id", replace(SAMPLE, protocol_id="other")),
    ("catalogue_version", replace(SAMPLE, catalogue_version=2)),
    ("envelope_version", replace(SAMPLE, envelope_version=3)),
    ("coil", replace(SAMPLE, coil="H1")),
    ("parts", replace(SAMPLE, parts=(PART, PART))),
    ("gates", replace(SAMPLE, gates=())),
    *(("gates", replace(SAMPLE, gates=(gate,))) for gate in Gate),
    ("beat_limit_ms", replace(SAMPLE, beat_limit_ms=3_001)),
    ("still_here_s", replace(SAMPLE, still_here_s=301)),
    ("clearance_limit_s", replace(SAMPLE, clearance_limit_s=14 * 86_400)),
    ("button_required", replace(SAMPLE, button_required=False)),
    ("make_up_within_s", replace(SAMPLE, make_up_within_s=None)),
    ("make_up_within_s", replace(SAMPLE, make_up_within_s=14_401)),
    ("issued_s", replace(SAMPLE, issued_s=SAMPLE.issued_s + 1)),
    ("install_by_s", replace(SAMPLE, install_by_s=SAMPLE.install_by_s + 1)),
    ("not_before_s", replace(SAMPLE, not_before_s=SAMPLE.not_before_s + 1)),
    ("not_after_s", replace(SAMPLE, not_after_s=SAMPLE.not_after_s + 1)),
    ("table_exception", replace(SAMPLE, table_exception="long train")),
    ("second_threshold", replace(SAMPLE, second_threshold=THRESHOLD)),
    ("threshold_step_signed", replace(SAMPLE, threshold_step_signed=True)),
    ("ramp", replace(SAMPLE, ramp=(80,))),
    ("ramp", replace(SAMPLE, ramp=(81,))),
    ("ramp", replace(SAMPLE, ramp=(80, 80))),
    ("research_reason", replace(SAMPLE, research_reason="a study")),
    ("phases", replace(SAMPLE, phases=(PHASE,))),
    *(
        (f"phase.{name}", replace(SAMPLE, phases=(other(PHASE, name, value),)))
        for name, value in (("sessions", 21), ("sessions_per_week", 4), ("min_interval_s", 14_401))
    ),
    ("replacement", replace(SAMPLE, replacement=REPLACEMENT)),
    *(
        (f"replacement.{name}", replace(SAMPLE, replacement=other(REPLACEMENT, name, value)))
        for name, value in (
            ("old_device_id", bytes(16)),
            ("old_not_after_s", SAMPLE.not_after_s + 1),
            ("in_clinics_hands", True),
            ("final_head_hash", bytes(32)),
            ("opening", OpeningBalance(0, 0, 0, 0, 0, 0, 0)),
        )
    ),
    *(
        (
            f"opening.{field.name}",
            replace(
                SAMPLE,
                replacement=replace(
                    REPLACEMENT,
                    opening=other(
                        REPLACEMENT.opening,
                        field.name,
                        getattr(REPLACEMENT.opening, field.name) + 1,
                    ),
                ),
            ),
        )
        for field in dataclasses.fields(OpeningBalance)
    ),
    *(
        (f"threshold.{name}", replace(SAMPLE, threshold=other(THRESHOLD, name, value)))
        for name, value in (
            ("kind", ThresholdKind.AMT),
            ("kind", ThresholdKind.LEG_RMT),
            ("kind", ThresholdKind.NONE),
            ("percent_mso", 53),
            ("measured_s", THRESHOLD.measured_s + 1),
            ("warn_s", THRESHOLD.warn_s + 1),
            ("lock_s", THRESHOLD.lock_s + 1),
            ("demo", False),
            ("device_id", bytes(range(16))),
            ("coil", "H1"),
            ("depth_percent", 99),
        )
    ),
    *(
        (f"limits.{field.name}", replace(SAMPLE, limits=other(LIMITS, field.name, value)))
        for field in dataclasses.fields(Limits)
        for value in ((getattr(LIMITS, field.name) or 0) + 1,)
    ),
    *(
        (f"part.{name}", replace(SAMPLE, parts=(other(PART, name, value),)))
        for name, value in (
            ("site", "vertex"),
            ("trains", 21),
            ("interval_ms", 8_001),
            ("intensity_percent", 111),
        )
    ),
    *(
        (
            f"pattern.{name}",
            replace(SAMPLE, parts=(replace(PART, pattern=other(PART.pattern, name, value)),)),
        )
        for name, value in (
            ("kind", PatternKind.REPETITIVE),
            ("kind", PatternKind.SINGLE),
            ("rate_mhz", 5_001),
            ("pulses_per_burst", 2),
            ("intra_burst_mhz", 50_001),
            ("bursts_per_train", 11),
        )
    ),
]


async def test_no_field_can_change_without_the_words_changing(reader: Tab, desk: str) -> None:
    statements = [prescriptions.to_bytes(other) for _, other in OTHERS]
    usual, *changed = await described(reader, desk, [sample_bytes(), *statements])
    silent = [name for (name, _), said in zip(OTHERS, changed, strict=True) if said == usual]
    assert silent == []
    assert len(set(changed)) == len(changed)


async def test_every_field_is_changed_by_the_test_above() -> None:
    nested = {
        "threshold": Threshold,
        "limits": Limits,
        "part": Part,
        "pattern": Pattern,
        "phase": Phase,
        "replacement": Replacement,
        "opening": OpeningBalance,
    }
    names = {field.name for field in dataclasses.fields(Prescription)} - {"threshold", "limits"}
    for prefix, kind in nested.items():
        names |= {f"{prefix}.{field.name}" for field in dataclasses.fields(kind)}
    assert names - {"part.pattern"} == {name for name, _ in OTHERS}


@pytest.mark.parametrize("rx", [SAMPLE, BILATERAL], ids=["one site", "two sites"])
async def test_figures_are_what_the_band_computes(reader: Tab, desk: str, rx: Prescription) -> None:
    data = prescriptions.to_bytes(rx)
    await reader.show(signing_link(desk, [data], back=RETURN))
    shown = await reader.page.locator(".figures").inner_text()
    minutes, seconds = divmod(rx.session_ms // 1000, 60)
    assert f"{rx.pulses_per_session:,}\n" in shown
    assert f"{rx.trains_per_session} trains" in shown
    assert f"{minutes} min {seconds} s\n" in shown
    strongest = max(rx.percent_mso(index) for index in range(len(rx.parts)))
    assert f"{strongest} % of the stimulator's output" in shown


async def test_times_stand_with_their_zone(reader: Tab, desk: str) -> None:
    await reader.show(signing_link(desk, [sample_bytes()], back=RETURN))
    said = await reader.text()
    assert "Times, in Europe/Amsterdam" in said
    assert "Mon, 2 Mar 2026, 13:01 UTC+01:00" in said
    assert "Mon, 13 Apr 2026, 14:01 UTC+02:00, 42 days in all" in said


async def test_the_week_is_the_one_that_the_band_counts(reader: Tab, desk: str) -> None:
    hours = WEEK_MS // 3_600_000
    await reader.show(signing_link(desk, [sample_bytes()], back=RETURN))
    assert f"any week ({hours // 24} days {hours % 24} h)" in await reader.text()


@pytest.mark.parametrize("demo", [True, False])
async def test_a_demo_threshold_is_marked_as_such(reader: Tab, desk: str, demo: bool) -> None:
    data = sample_bytes(threshold=replace(THRESHOLD, demo=demo))
    await reader.show(signing_link(desk, [data], back=RETURN))
    assert ("Demo threshold" in await reader.text()) is demo


async def test_an_end_says_that_it_ends_and_shows_no_dose(reader: Tab, desk: str) -> None:
    data = sample_bytes(kind=PrescriptionKind.END)
    await reader.show(signing_link(desk, [data], back=RETURN))
    assert "End of treatment for K.V." in await reader.text()
    assert await reader.page.locator(".figures").count() == 0


@pytest.mark.parametrize(
    ("initials", "escaped"),
    [("a\u202eb", "\\u{202e}"), ("a\u200bb", "\\u{200b}"), ("a\nb", "\\u{a}"), ("a ", "\\u{20}")],
)
async def test_misleading_characters_are_shown_as_escapes(
    reader: Tab, desk: str, initials: str, escaped: str
) -> None:
    await reader.show(signing_link(desk, [sample_bytes(initials=initials)], back=RETURN))
    marks = reader.page.locator("h2 mark.unsafe")
    assert await marks.all_inner_texts() == [escaped]
    heading = await reader.page.locator("h2").text_content()
    assert heading == f"Prescription for {initials.replace(initials[1], escaped, 1)}"


@pytest.mark.parametrize("initials", ["K.V.", "\u0645.\u0639.", "\u00c5.\u00d8."])
async def test_names_of_any_script_are_shown_as_they_are(
    reader: Tab, desk: str, initials: str
) -> None:
    await reader.show(signing_link(desk, [sample_bytes(initials=initials)], back=RETURN))
    assert await reader.page.locator("mark.unsafe").count() == 0
    assert initials in await reader.page.locator("h2").inner_text()


async def test_markup_in_a_field_stays_text(reader: Tab, desk: str) -> None:
    site = "<img src=x onerror=alert(1)>"
    data = sample_bytes(parts=(replace(PART, site=site),))
    await reader.show(signing_link(desk, [data], back=RETURN))
    assert site in await reader.text()
    assert await reader.page.locator("#main img").count() == 0


async def test_the_challenge_is_made_from_the_bytes_as_the_band_makes_it(
    reader: Tab, desk: str
) -> None:
    listed = [sample_bytes(), prescriptions.to_bytes(BILATERAL)]
    await reader.show(f"{desk}/")
    told = await reader.page.evaluate(
        """async ([type, listed]) => {
            const { challengeOf } = await import("/handover.js");
            const statements = listed.map((data) => ({ type, data: Uint8Array.from(data) }));
            return Array.from((await challengeOf(statements)).challenge);
        }""",
        [PRESCRIPTION_TYPE, [list(data) for data in listed]],
    )
    assert bytes(told) == challenge(tuple(digest(PRESCRIPTION_TYPE, data) for data in listed))
