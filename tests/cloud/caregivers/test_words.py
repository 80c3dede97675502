"""What a phone says of somebody close: taken in or refused at once, told to the other phones."""

import pytest
from starlette.testclient import TestClient

from cloud.audit import service as audit
from cloud.patients.service import new_code
from shared.care.caregiver import Shown
from shared.trust.keys import SoftwareKey
from tests.cloud.caregivers.sharing import WEEK_MS, Sharing, news
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

pytestmark = pytest.mark.both_databases
ALL = tuple(Shown)


@pytest.fixture
def sharing(world: World, phone: Phone) -> Sharing:
    return Sharing(world, phone)


def second_phone(world: World, ingest: TestClient, phone: Phone) -> Phone:
    with world.database.write("demo") as session:
        patient_id, now_ms = phone.bytes_of("patient_id"), world.clock.now_ms
        code = new_code(session, "demo", patient_id, now_ms=now_ms)
    made = Phone(world, ingest)
    assert made.enrol(code).status_code == 200
    return made


def test_invited_changed_and_taken_back_the_newest_word_holds(
    world: World, phone: Phone, sharing: Sharing
) -> None:
    assert sharing.invite(Shown.SESSIONS)["answer"] == "accepted"
    world.clock.now_ms += 1000
    assert sharing.say(Shown.NEXT, Shown.SCORES)["answer"] == "accepted"
    assert (sharing.kept().shown, sharing.kept().ended_ms) == ("2,4", None)
    world.clock.now_ms += 1000
    assert sharing.say(ended=True)["answer"] == "accepted"
    kept = sharing.kept()
    assert (kept.shown, kept.code_id, kept.verifier) == ("", None, None)
    assert (kept.ended_ms, kept.ended_by) == (world.clock.now_ms, "patient")
    told = news(phone)
    assert [each.shown for each in told] == [(Shown.SESSIONS,), (Shown.NEXT, Shown.SCORES), ()]
    assert [bool(each.ended_ms) for each in told] == [False, False, True]
    assert {each.pages for each in told} == {world.settings.origin}
    with world.database.read("demo") as session:
        lines = [each.action for each in audit.newest(session, "demo")][::-1]
        assert lines[-3:] == ["said what is shared"] * 2 + ["ended what is shared"]


def test_an_older_word_that_comes_late_changes_nothing(sharing: Sharing) -> None:
    sharing.invite(Shown.SESSIONS)
    late = sharing.item(*ALL)
    sharing.say(Shown.NEXT)
    (answer,) = sharing.phone.items([late])
    assert answer["answer"] == "refused"
    assert "older" in answer["reason"]
    assert sharing.kept().shown == "2"


def test_taking_back_counts_whenever_it_was_said_and_is_for_good(sharing: Sharing) -> None:
    sharing.invite(Shown.SESSIONS)
    early = sharing.item(ended=True)
    sharing.say(Shown.NEXT)
    assert sharing.phone.items([early])[0]["answer"] == "accepted"
    answer = sharing.say(*ALL)
    assert (answer["answer"], sharing.kept().shown) == ("refused", "")
    assert sharing.say(*ALL, invitation=sharing.invitation())["answer"] == "refused"


def test_a_withdrawal_that_overtakes_its_invitation_keeps_it_shut(sharing: Sharing) -> None:
    first = sharing.item(*ALL, invitation=sharing.invitation())
    assert sharing.say(ended=True)["answer"] == "accepted"
    assert sharing.phone.items([first])[0]["answer"] == "refused"


def test_who_is_invited_anew_takes_the_place_of_the_one_before(
    world: World, phone: Phone, sharing: Sharing
) -> None:
    sharing.invite(*ALL)
    other = Sharing(world, phone)
    assert other.invite(Shown.NEXT)["answer"] == "accepted"
    assert (sharing.kept().ended_by, other.kept().ended_ms) == ("another", None)


def test_another_key_clinic_or_patient_says_nothing(
    world: World, phone: Phone, sharing: Sharing
) -> None:
    own = sharing.invitation()
    forged = sharing.item(*ALL, invitation=own, key=SoftwareKey.generate())
    elsewhere = sharing.item(*ALL, invitation=own, audience=b"other")
    of_another = Sharing(world, phone, patient_id=bytes(16)).item(*ALL, invitation=own)
    answers = phone.items([forged, elsewhere, of_another])
    assert {each["answer"] for each in answers} == {"refused"}
    assert news(phone) == []


def test_somebody_who_was_never_invited_is_refused(sharing: Sharing) -> None:
    assert sharing.say(*ALL)["answer"] == "refused"


def test_an_invitation_lasts_a_week_whatever_the_phone_says(world: World, sharing: Sharing) -> None:
    asked = sharing.invitation()
    world.clock.now_ms -= 86_400_000
    sharing.say(*ALL, invitation=asked)
    assert sharing.kept().code_until_ms == world.clock.now_ms + WEEK_MS


def test_a_code_that_begins_as_another_is_refused_until_that_one_is_over(
    world: World, ingest: TestClient, phone: Phone, sharing: Sharing
) -> None:
    sharing.invite(*ALL)
    other = Sharing(world, second_phone(world, ingest, phone), text=sharing.text)
    answer = other.invite(*ALL)
    assert (answer["answer"], "code" in answer["reason"]) == ("refused", True)
    assert sharing.kept().ended_ms is None
    world.clock.now_ms += WEEK_MS + 1
    assert other.invite(*ALL)["answer"] == "accepted"


def test_a_newer_phone_of_the_patient_knows_and_may_take_it_back(
    world: World, ingest: TestClient, phone: Phone, sharing: Sharing
) -> None:
    sharing.invite(*ALL)
    sharing.come_in()
    newer = second_phone(world, ingest, phone)
    (told,) = news(newer)
    assert (told.caregiver_id, told.shown) == (sharing.caregiver_id, ALL)
    there = Sharing(world, newer, caregiver_id=told.caregiver_id, said_ms=told.said_ms)
    assert there.say(ended=True)["answer"] == "accepted"
    assert news(phone)[-1].ended_ms == world.clock.now_ms
