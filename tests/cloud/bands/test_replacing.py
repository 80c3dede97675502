"""Another band in mid-course (R24): it goes on from what the old one gave, never from less."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cloud.holds.service import holds_of, newest_number
from cloud.ingest.bodies import decode_bytes
from cloud.patients.models import Device
from cloud.patients.service import device_of, new_code
from shared.dose.envelope import violations
from shared.dose.prescription import PrescriptionKind, from_bytes
from shared.trust import sign1
from shared.trust.staff_words import HandOver, HandOverPurpose
from shared.trust.statements import HoldKind, HoldSource
from shared.wire import fields, records
from shared.wire.items import SignedLastWord, SignedPrescription
from tests.cloud.bands.courses import DAY_MS, FORM, PULSES, SESSIONS, HalfDone
from tests.cloud.passkey import read_request
from tests.cloud.phone import Phone
from tests.cloud.test_prescriptions import take
from tests.cloud.worlds import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path, devices=3)
    yield made
    made.database.close()


@pytest.fixture
def course(world: World, pages: TestClient, ingest: TestClient) -> HalfDone:
    return HalfDone(world, pages, ingest)


def test_by_its_last_word_the_course_goes_on_to_the_pulse(course: HalfDone) -> None:
    assert "may have given more" in course.page()
    word = course.retire()
    assert "gave its last word" in course.page()
    made = course.asked_twice("last-word")
    assert violations(made) == ()
    assert made.kind is PrescriptionKind.REPLACEMENT
    assert (made.device_id, made.threshold.device_id) == (course.new_id, course.new_id)
    assert (made.course_id, made.replaces_hash, made.serial) == (course.rx.course_id, None, 2)
    assert made.threshold.percent_mso == 48
    given = made.replacement
    assert given is not None
    assert given.final_head_hash == sign1.name_of(word)
    assert not given.in_clinics_hands
    opening = given.opening
    assert (opening.course_sessions, opening.course_pulses) == (SESSIONS, SESSIONS * PULSES)
    assert opening.course_completed == SESSIONS
    assert (opening.day_sessions, opening.week_sessions) == (0, SESSIONS)
    assert made.limits == course.rx.limits


@pytest.mark.long
def test_what_is_left_is_shown_before_the_desk_is_offered(course: HalfDone) -> None:
    course.retire()
    shown = course.post(**FORM, surety="last-word")
    limits = course.rx.limits
    left = limits.course_sessions - SESSIONS
    assert f"<strong>{left} sessions, {limits.course_pulses - SESSIONS * PULSES:,} pulses" in shown
    assert "#request=" not in course.post(**FORM, surety="last-word", seen="something else")


def test_without_a_last_word_the_most_that_it_can_have_given_counts(course: HalfDone) -> None:
    made = course.asked_twice("in-hand")
    assert violations(made) == ()
    given, limits = made.replacement, course.rx.limits
    assert given is not None
    assert (given.in_clinics_hands, given.final_head_hash) == (True, None)
    opening = given.opening
    assert opening.day_sessions == limits.sessions_per_day_window
    assert opening.week_pulses == limits.pulses_per_week
    assert opening.course_sessions == SESSIONS + limits.sessions_per_week
    assert opening.course_pulses == SESSIONS * PULSES + limits.pulses_per_week


@pytest.mark.long
def test_each_week_unseen_counts_as_a_full_one(course: HalfDone) -> None:
    course.later(15 * DAY_MS)
    made = course.asked_twice("in-hand")
    given, limits = made.replacement, course.rx.limits
    assert given is not None
    assert given.opening.course_sessions == min(
        limits.course_sessions, SESSIONS + 3 * limits.sessions_per_week
    )


@pytest.mark.long
def test_no_session_counts_after_the_last_clearance_has_run_out(course: HalfDone) -> None:
    assert course.clearance() == 200
    course.later(30 * DAY_MS)
    made = course.asked_twice("in-hand")
    given = made.replacement
    assert given is not None
    weeks = 2  # of a clearance of 7 days, in windows of 6 d 20 h
    limits = course.rx.limits
    assert given.opening.course_sessions == SESSIONS + weeks * limits.sessions_per_week


@pytest.mark.long
def test_a_band_at_large_waits_for_its_plans_end(course: HalfDone, world: World) -> None:
    assert 'value="plan-ended" required disabled' in course.page()
    assert "#request=" not in course.post(**FORM, surety="plan-ended")
    assert course.clearance() == 200
    course.later((course.rx.not_after_s - 10 * 86_400) * 1000 - world.clock.now_ms)
    made = course.asked_twice("plan-ended")
    assert made.replacement is not None
    assert made.replacement.old_not_after_s == course.rx.not_after_s
    assert made.not_before_s == course.rx.not_after_s
    assert made.install_by_s > course.rx.not_after_s


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"surety": "last-word"}, "how it is sure"),
        ({"surety": ""}, "how it is sure"),
        ({"percent": "0"}, "whole number from 1 to 100"),
        ({"by": ""}, "who measured"),
        ({"device_id": ""}, "Choose the band"),
        ({"serial": "1"}, "What follows goes by that version now"),
    ],
)
@pytest.mark.long
def test_what_is_missing_comes_back_with_why(
    course: HalfDone, wrong: dict[str, str], words: str
) -> None:
    page = course.post(**(FORM | {"surety": "in-hand"} | wrong))
    assert words in page
    assert "#request=" not in page


def test_signed_the_new_band_is_theirs_and_the_old_one_nobodys(
    course: HalfDone, world: World
) -> None:
    word = course.retire()
    course.replaced("last-word")
    with world.database.read("demo") as session:
        old = session.get_one(Device, ("demo", course.old_id))
        assert (old.patient_id, old.aside_why, old.retired_why) == (None, "replaced", "last-word")
        assert not old.is_free
        assert device_of(session, "demo", course.patient.patient_id).device_id == course.new_id
    found = course.phone.get("/v1/sync?cursor=0").json()["items"]
    kinds = [each["kind"] for each in found if each["kind"] in ("prescription", "last_word")]
    assert kinds == ["prescription", "last_word", "prescription"], "the word goes before"
    (body,) = (decode_bytes(each["body"]) for each in found if each["kind"] == "last_word")
    assert fields.unpack(SignedLastWord, body).head == word
    newest = decode_bytes(found[-1]["body"])
    assert from_bytes(fields.unpack(SignedPrescription, newest).prescription).serial == 2
    assert "NOT IN FORCE" in course.page("way")


def test_the_old_bands_phone_gets_no_clearance_any_more(course: HalfDone) -> None:
    assert course.clearance() == 200
    course.replaced("in-hand")
    assert course.clearance() == 403


@pytest.mark.long
def test_what_the_old_band_still_had_is_taken_in_and_verified(
    course: HalfDone, world: World, ingest: TestClient
) -> None:
    course.band.session()
    course.replaced("in-hand")
    with world.database.write("demo") as session:
        code = new_code(session, "demo", course.patient.patient_id, now_ms=world.clock.now_ms)
    phone = Phone(world, ingest)
    assert phone.enrol(code).status_code == 200
    assert phone.given["device_id"] != course.phone.given["device_id"]
    answers = phone.items([*course.band.record_items(), course.band.head_item()])
    assert {each["answer"] for each in answers} <= {"accepted", "duplicate"}


def test_a_hold_of_the_old_band_is_asked_for_on_the_new_one(course: HalfDone, world: World) -> None:
    body = records.HoldPlacedBody(bytes(16), HoldKind.SAFETY, HoldSource.APP, "side effect", 0)
    course.band.write(body)
    course.send()
    assert "A safety hold stands on the old band" in course.page()
    course.replaced("in-hand")
    with world.database.read("demo") as session:
        assert newest_number(session, "demo", course.new_id) == 1
        (hold,) = holds_of(session, "demo", course.patient.patient_id)
        assert (hold.device_id, hold.reason) == (course.new_id, "replaced")


@pytest.mark.long
def test_it_may_be_signed_again_for_the_same_band_and_counts_from_the_old_one(
    course: HalfDone,
) -> None:
    course.replaced("in-hand")
    again = course.asked_twice("in-hand", serial="3")
    assert again.replacement is not None
    assert again.replacement.old_device_id == course.old_id
    assert again.device_id == course.new_id


@pytest.mark.long
def test_a_third_band_counts_what_the_second_may_have_given(course: HalfDone, world: World) -> None:
    third = list(world.identity.devices)[2]
    first = course.replaced("in-hand").replacement
    made = course.asked_twice("in-hand", serial="3", device_id=third.hex())
    assert first is not None
    assert made.replacement is not None
    assert made.replacement.old_device_id == course.new_id
    limits = course.rx.limits
    assert made.replacement.opening.course_sessions == min(
        limits.course_sessions, first.opening.course_sessions + limits.sessions_per_week
    )


@pytest.mark.long
def test_where_no_course_goes_on_a_band_is_given_without_a_signature(
    course: HalfDone, world: World
) -> None:
    assert "A course goes on" in course.post("band")
    page = course.pages.post(
        f"{course.path}/steps/end",
        data={
            "form_token": course.token,
            "patient_id": course.patient.patient_id.hex(),
            "serial": "2",
        },
    ).text
    (end,) = read_request(page.partition("#request=")[2].partition('"')[0])
    take(world, course.passkey.answer([end]))
    assert "nothing has to be signed" in course.page()
    course.post("band")
    with world.database.read("demo") as session:
        assert device_of(session, "demo", course.patient.patient_id).device_id == course.new_id


def test_letting_go_is_signed_over_the_records_newest_verified_head(
    course: HalfDone, world: World
) -> None:
    page = course.post("let-go")
    (data,) = read_request(page.partition("#request=")[2].partition('"')[0])
    word = fields.unpack(HandOver, data)
    assert word.purpose is HandOverPurpose.RETIRE
    state = course.band.state
    assert (word.head_number, word.head_hash) == (state.number, state.hash)
    assert (word.device_id, word.epoch) == (course.old_id, course.band.epoch)
    take(world, course.passkey.answer([data], kind=HandOver.TYPE))
    assert "It takes effect when the band" in words_of(course, "Band let go")
    course.retire(sign1.name_of(data))
    assert f"record {course.band.state.number} of the band" in words_of(course, "Band let go")
    assert "In force: by its own record the band retired" in course.page("let-go")


def words_of(course: HalfDone, title: str) -> str:
    """Return what the page of the way says below this title."""
    _, _, below = course.page("way").partition(f"<h2>{title}</h2>")
    assert below
    return below.partition("</section>")[0]


@pytest.mark.long
def test_a_retired_band_gets_no_code(course: HalfDone) -> None:
    course.retire()
    assert "out of use" in course.post("codes")


@pytest.mark.long
def test_another_patients_form_is_refused(course: HalfDone) -> None:
    page = course.post(patient_id=bytes(16).hex(), **FORM, surety="in-hand")
    assert "This form is of another patient" in page
