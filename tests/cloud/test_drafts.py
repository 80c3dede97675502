"""From the page's form to a prescription: what it asks, what it keeps, what the entry says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloud.prescriptions import draft_form, drafts, thresholds
from cloud.prescriptions.drafts import Draft, Recipient
from cloud.times import Times
from shared.dose import changes
from shared.dose.changes import Issue
from shared.dose.envelope import violations
from shared.dose.prescription import Phase, Prescription, PrescriptionKind, to_bytes
from shared.stimulation.catalogue import HomeUse, catalogue
from shared.trust.statements import Gate
from shared.wire.errors import WireError

NOW_S = 1_800_000_000
DAY_S = 86_400
TODAY = "2027-01-15"
ITBS, TEN_HERTZ, PAIN = "mdd-l-dlpfc-itbs", "mdd-l-dlpfc-10hz", "pain-m1-10hz"
MEASURED: dict[str, Any] = {"threshold_percent": 54, "measured_s": NOW_S - 3_600}
FIRST = Recipient("demo", bytes(16), bytes(16), "MS", 1, None, None)


def first(protocol: str, **changed: Any) -> Prescription:
    draft = replace(drafts.from_entry(catalogue().entry(protocol)), **MEASURED | changed)
    return drafts.build(draft, FIRST, now_s=NOW_S)


def amended(before: Prescription, days: int = 10, **changed: Any) -> Prescription:
    draft = replace(drafts.from_prescription(before), **changed)
    return drafts.build(draft, following(before), now_s=NOW_S + days * DAY_S)


def following(before: Prescription) -> Recipient:
    return replace(
        FIRST, serial=2, replaces_hash=bytes(32), course_id=before.course_id, before=before
    )


@pytest.mark.parametrize("entry", drafts.offered(catalogue()), ids=lambda entry: entry.id)
def test_an_offered_protocol_lacks_at_most_its_research_reason(entry: Any) -> None:
    found = {violation.field for violation in violations(first(entry.id))}
    research = entry.home_use is HomeUse.RESEARCH_ONLY
    assert found == ({"research_reason"} if research else set())
    assert violations(first(entry.id, research_reason="ethics approval 17/2026")) == ()


def test_a_taper_is_taken_from_the_entry_and_cut_with_the_course() -> None:
    assert [phase.sessions for phase in first(TEN_HERTZ).phases] == [30, 3, 2, 1]
    assert [phase.sessions for phase in first(TEN_HERTZ, course_sessions=32).phases] == [30, 2]
    assert violations(first(TEN_HERTZ, course_sessions=32)) == ()
    assert first(ITBS).phases == ()


def test_two_sites_are_taken_from_the_entry_each_with_its_threshold() -> None:
    both = first("mdd-bilateral-tbs", research_reason="ethics approval 17/2026")
    assert [part.site for part in both.parts] == ["right DLPFC (F4)", "left DLPFC (F3)"]
    assert [both.threshold_of(index).kind.name for index in range(2)] == ["AMT", "RMT"]
    assert violations(both) == ()


def test_an_amendment_keeps_what_the_page_does_not_ask() -> None:
    before = replace(
        first(ITBS),
        gates=(Gate.SCREENING, Gate.ATTENDED),
        ramp=(80, 100),
        still_here_s=60,
        clearance_limit_s=3 * DAY_S,
        button_required=False,
        make_up_within_s=None,
        limits=replace(first(ITBS).limits, sessions_per_week=4, pulses_per_week=2400),
        phases=(Phase(30, 4, 14_400),),
    )
    after = amended(before, intensity_percent=110)
    told = ("gates", "ramp", "still_here_s", "clearance_limit_s", "button_required")
    kept = (*told, "make_up_within_s", "limits", "phases", "threshold", "course_id")
    assert [name for name in kept if getattr(after, name) != getattr(before, name)] == []
    assert after.parts[0].intensity_percent == 110
    assert (after.serial, after.new_course) == (2, False)
    assert violations(after, before) == ()


def test_the_second_site_of_an_amended_course_stays() -> None:
    before = first("mdd-bilateral-tbs", research_reason="ethics approval 17/2026")
    stronger = replace(before.parts[1], intensity_percent=100)
    before = replace(before, parts=(before.parts[0], stronger))
    after = amended(before, intensity_percent=70)
    assert [part.intensity_percent for part in after.parts] == [70, 100]
    assert after.second_threshold == before.second_threshold
    assert after.research_reason == before.research_reason


def test_a_threshold_grows_no_younger_by_an_amendment() -> None:
    before = first(ITBS)
    assert amended(before, intensity_percent=100).threshold == before.threshold
    anew = amended(before, measured_s=NOW_S + 10 * DAY_S).threshold
    assert anew.measured_s == NOW_S + 10 * DAY_S
    assert anew.percent_mso == before.threshold.percent_mso
    other = amended(before, threshold_percent=before.threshold.percent_mso + 1).threshold
    assert other.measured_s == before.threshold.measured_s
    assert other.demo


def test_only_a_threshold_that_was_measured_by_somebody_named_is_no_demo() -> None:
    typed = first(ITBS)
    assert typed.threshold.demo
    measured = amended(typed, measured_s=NOW_S + DAY_S, known_how=True)
    assert not measured.threshold.demo
    assert not amended(measured, intensity_percent=100).threshold.demo
    assert amended(measured, measured_s=NOW_S + 2 * DAY_S).threshold.demo
    other = measured.threshold.percent_mso + 1
    assert amended(measured, threshold_percent=other).threshold.demo


def test_a_leap_of_the_threshold_is_outside_until_it_is_meant() -> None:
    before = first(ITBS)
    leapt = before.threshold.percent_mso + 11
    found = violations(amended(before, threshold_percent=leapt), before)
    assert [violation.field for violation in found] == ["threshold.percent_mso"]
    meant = amended(before, threshold_percent=leapt, threshold_step_signed=True)
    assert violations(meant, before) == ()


def test_totals_follow_the_trains_and_sessions() -> None:
    fewer = amended(first(ITBS), trains=10, course_sessions=20).limits
    assert (fewer.pulses_per_week, fewer.course_pulses) == (1500, 6000)


def test_another_protocol_or_band_begins_from_the_entry() -> None:
    before = replace(first(ITBS), ramp=(80,), still_here_s=60)
    draft = drafts.begin(TEN_HERTZ, following(before))
    other = drafts.build(draft, following(before), now_s=NOW_S)
    assert (other.ramp, other.still_here_s) == ((), drafts.STILL_HERE_S)
    elsewhere = replace(following(before), device_id=b"another device's")
    moved = drafts.build(drafts.from_prescription(before), elsewhere, now_s=NOW_S)
    assert (moved.ramp, moved.threshold.device_id) == ((), b"another device's")


def test_after_an_end_a_treatment_follows() -> None:
    end = changes.end(first(ITBS), Issue(2, NOW_S, NOW_S + DAY_S))
    again = amended(end)
    assert again.kind is PrescriptionKind.TREATMENT
    assert violations(again, end) == ()


def form(**changed: str) -> dict[str, str]:
    plain = replace(drafts.from_entry(catalogue().entry(PAIN)), **MEASURED)
    asked = {name: str(getattr(plain, name)) for name in ("protocol_id", *draft_form.NUMBERS)}
    return asked | {"threshold_measured_on": TODAY} | changed


def read(
    typed: dict[str, str], recipient: Recipient = FIRST
) -> tuple[Draft, tuple[draft_form.Fault, ...]]:
    return draft_form.from_form(typed, recipient, Times("UTC"), now_ms=NOW_S * 1000)


def test_reason_and_ticks_come_from_the_form() -> None:
    draft, faults = read(form(research_reason=" off label ", threshold_step_signed="yes"))
    assert faults == ()
    assert isinstance(draft, Draft)
    assert draft.research_reason == "off label"
    assert draft.threshold_step_signed
    bare, _ = read(form())
    assert (bare.research_reason, bare.threshold_step_signed) == ("", False)


def test_a_reason_too_long_to_sign_is_a_fault() -> None:
    draft, faults = read(form(research_reason="ä" * 41))
    assert [fault.field for fault in faults] == ["research_reason"]
    assert draft.research_reason == ""


@pytest.mark.parametrize("text", ["9" * 5_000, "0" * 10 + "1", "\u0663", "1.5", "-1", ""])
def test_what_is_no_number_within_limits_is_a_fault(text: str) -> None:
    _, faults = read({"protocol_id": "mdd-l-dlpfc-itbs", "trains": text})
    assert "trains" in [each.field for each in faults]


LEFT = {"mdd-l-dlpfc-10hz", "mdd-l-dlpfc-10hz-dash", ITBS, PAIN}


def test_the_threshold_in_force_goes_by_another_protocol_of_its_own_hemisphere_and_kind_alone() -> (
    None
):
    before = first(ITBS)
    for entry in drafts.offered(catalogue()):
        recipient = following(before)
        draft = drafts.begin(entry.id, recipient)
        made = drafts.build(draft, recipient, now_s=NOW_S + 10 * DAY_S).threshold
        if entry.id in LEFT:
            assert made == before.threshold, entry.id
            assert draft_form.not_given(draft) == (), entry.id
        else:
            assert (draft.threshold_percent, draft.measured_s) == (None, None), entry.id


def test_a_threshold_of_another_band_or_coil_or_of_no_known_side_is_not_carried_over() -> None:
    before, entry = first(ITBS), catalogue().entry(ITBS)
    apply = thresholds.applying
    (part,) = entry.parts
    assert apply(before, entry, part, bytes(16)) == before.threshold
    assert apply(before, entry, part, b"another device's") is None
    assert apply(before, replace(entry, coil="H1"), part, bytes(16)) is None
    assert apply(before, entry, replace(part, threshold_kind="amt"), bytes(16)) is None
    assert apply(before, entry, replace(part, site="vertex"), bytes(16)) is None
    deep = replace(before, threshold=replace(before.threshold, depth_percent=110))
    assert apply(deep, entry, part, bytes(16)) is None
    assert apply(None, entry, part, bytes(16)) is None


@pytest.mark.parametrize("protocol", ["mdd-r-dlpfc-1hz", "mdd-r-dlpfc-ctbs", "gad-r-dlpfc-1hz"])
def test_nothing_stands_in_for_a_threshold_that_nobody_measured(protocol: str) -> None:
    for recipient in (FIRST, following(first(ITBS))):
        draft = drafts.begin(protocol, recipient)
        asked = [each.field for each in draft_form.not_given(draft)]
        assert asked == ["threshold_percent", "threshold_measured_on"]
        made = drafts.build(draft, recipient, now_s=NOW_S)
        assert not thresholds.is_given(made.threshold)
        with pytest.raises(WireError):
            to_bytes(made)


def test_a_fixed_output_asks_for_no_threshold() -> None:
    draft = drafts.begin("migraine-stms-preventive", FIRST)
    assert draft_form.not_given(draft) == ()
    assert drafts.build(draft, FIRST, now_s=NOW_S).threshold.percent_mso == 100


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("", "type in the day"),
        ("yesterday", "a day, month and year"),
        ("2027-01-16", "not after today"),
        ("2026-12-04", "less than 42 days ago"),
    ],
)
def test_a_threshold_is_of_a_day_that_was_and_on_which_the_band_still_opens(
    day: str, says: str
) -> None:
    draft, faults = read(form(threshold_measured_on=day))
    faults = (*faults, *draft_form.not_given(draft, faults))
    assert [each.field for each in faults] == ["threshold_measured_on"]
    assert says in faults[0].sentence
    assert draft.measured_s is None


def test_a_threshold_of_an_earlier_day_is_as_old_as_that_days_beginning() -> None:
    draft, faults = read(form(threshold_measured_on="2026-12-05"))
    assert faults == ()
    assert draft.measured_s == NOW_S - NOW_S % DAY_S - 41 * DAY_S
    today, _ = read(form())
    assert today.measured_s == NOW_S


def test_a_form_that_leaves_the_threshold_alone_leaves_it_its_age_to_the_second() -> None:
    before = first(PAIN, research_reason="off label", measured_s=NOW_S - 41 * DAY_S - 7)
    day = Times("UTC").day(before.threshold.measured_s * 1000).isoformat()
    draft, faults = read(form(threshold_measured_on=day), following(before))
    assert faults == ()
    assert drafts.build(draft, following(before), now_s=NOW_S).threshold == before.threshold


def test_another_protocol_chosen_without_a_script_comes_with_its_own_values_alone() -> None:
    typed = form(protocol_id="mdd-r-dlpfc-1hz", shown_protocol_id=ITBS)
    draft, faults = read(typed, following(first(ITBS)))
    assert faults == ()
    assert draft_form.is_another_protocol(typed)
    assert (draft.threshold_percent, draft.measured_s) == (None, None)


def test_a_course_of_weekly_sessions_stays_one_when_it_gets_shorter_or_longer() -> None:
    weekly = replace(
        first(ITBS, course_sessions=28), phases=(Phase(20, 2, 14_400), Phase(8, 1, 6 * DAY_S))
    )
    shorter, longer = (amended(weekly, course_sessions=count) for count in (22, 30))
    assert [each.sessions for each in shorter.phases] == [20, 2]
    assert [each.sessions for each in longer.phases] == [20, 10]
    assert [each.sessions_per_week for each in longer.phases] == [2, 1]
