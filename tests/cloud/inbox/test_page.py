"""The inbox: each open alert with its ladder, who was told and what comes next; the ended ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from cloud.alerts.findings import NOW, TODAY, Cause
from cloud.alerts.models import Alert
from cloud.alerts.service import newest_of, raise_alert
from cloud.channels.claims import WAITS_MS
from cloud.dashboard.app import create_app
from cloud.oncall.ladder import SECOND
from cloud.oncall.rota import Turn
from cloud.oncall.service import add_turn
from cloud.patients.models import Patient
from cloud.people.authority import Role
from cloud.people.models import Member
from tests.cloud.authority.people import Visitor, signed_in, visitor
from tests.cloud.oncall.clinics import MINUTE_MS, OnCall, on_call
from tests.cloud.worlds import World


@dataclass
class Ward:
    """A clinic on call with one patient, and its dashboard."""

    clinic: OnCall
    patient: Patient
    pages: TestClient

    @property
    def world(self) -> World:
        return self.clinic.world

    def read(self, who: Visitor, query: str = "") -> str:
        answer = self.pages.get(f"/alerts{query}", headers={"Cookie": f"circlet={who.cookie}"})
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    def send(self, who: Visitor, what: str, **form: str) -> int:
        answer = self.pages.post(
            f"/alerts/{self.alert().alert_id.hex()}/{what}",
            data={"form_token": who.form_token, "back": "inbox", **form},
            headers={"Cookie": f"circlet={who.cookie}"},
        )
        return int(answer.status_code)

    def raise_now(self, urgency: str = NOW) -> None:
        with self.world.database.write("demo") as session:
            cause = Cause("silent/1", urgency, "The phone is silent")
            raise_alert(session, self.patient, cause, "Why.", now_ms=self.world.clock.now_ms)

    def alert(self) -> Alert:
        with self.world.database.read("demo") as session:
            found = newest_of(session, self.patient, "silent/1")
            assert found is not None
            return found

    def member(self, staff_id: bytes) -> Visitor:
        with self.world.database.read("demo") as session:
            found = session.get_one(Member, ("demo", staff_id))
        return signed_in(self.world, found)


@pytest.fixture
def ward(world: World) -> Iterator[Ward]:
    patient, _ = world.enrol()
    with on_call(world) as clinic:
        with world.database.write("demo") as session:
            add_turn(session, "demo", Turn(SECOND, clinic.second, 0, 0))
        app = create_app(world.settings, world.clock)
        with TestClient(app, follow_redirects=False) as pages:
            yield Ward(clinic, patient, pages)


def test_inbox_says_who_was_told_and_who_is_told_next(ward: Ward) -> None:
    ward.clinic.let_ring()
    who = ward.member(ward.clinic.first)
    assert "Nothing waits for anybody." in ward.read(who)
    ward.raise_now()
    assert "Within moments" in ward.read(who)
    ward.clinic.go()
    page = ward.read(who)
    assert "1 alert is open" in page
    assert "Maria Sample" in page
    assert "Step 1: first on call" in page
    assert "mail: told today 09:00" in page
    assert "Unless acknowledged by today 09:10" in page
    assert "(second on call)" in page
    ward.clinic.go(10)
    assert "Step 2: second on call" in ward.read(who)
    ward.clinic.go(10)
    assert "(everybody)" in ward.read(who)


def test_inbox_says_how_often_a_message_was_tried_and_when_it_is_tried_again(ward: Ward) -> None:
    ward.clinic.let_ring()
    ward.clinic.mailbox.refusals = 2
    ward.raise_now()
    ward.clinic.deliver()
    who = ward.member(ward.clinic.first)
    assert "tried once, is tried again today 09:00" in ward.read(who)
    ward.world.clock.now_ms += WAITS_MS[0]
    ward.clinic.deliver()
    said = ward.read(who)
    assert "tried 2 times, is tried again today 09:00" in said
    assert "for quiet hours" not in said


def test_inbox_says_that_nobody_is_called_while_alerts_do_not_ring(ward: Ward) -> None:
    ward.raise_now()
    ward.clinic.go()
    page = ward.read(ward.member(ward.clinic.first))
    assert "&#34;Now&#34; alerts don&#39;t ring." in page or '"Now" alerts don\'t ring.' in page
    assert "Nobody: no message went out." in page


def test_whoever_takes_over_has_one_step_before_the_next_is_told(ward: Ward) -> None:
    ward.clinic.let_ring()
    ward.raise_now()
    ward.clinic.go()
    ward.world.clock.now_ms += 9 * MINUTE_MS
    who = ward.member(ward.clinic.second)
    assert ward.send(who, "take") == 303
    assert ward.send(who, "take") == 409
    assert "In your hands since today 09:09" in ward.read(who)
    assert ward.clinic.go(9) == []
    assert ward.alert().closed_ms is None
    assert ward.clinic.go(1) != []
    assert ward.send(who, "acknowledge") == 303
    assert "Acknowledged by" in ward.read(who, "?show=closed")
    assert "Nothing waits for anybody." in ward.read(who)


def test_administrator_sees_alerts_of_the_clinic_and_none_of_a_patient(ward: Ward) -> None:
    chief = visitor(ward.world, "Chief", Role.ADMINISTRATOR)
    ward.raise_now(TODAY)
    ward.clinic.raise_now("fault/1", TODAY)
    page = ward.read(chief)
    assert "Something of which no mail may tell" in page
    assert "Maria Sample" not in page
    assert ward.send(chief, "acknowledge") == 404
    assert ward.send(chief, "take") == 403
    assert ward.alert().closed_ms is None


def test_filters_show_what_they_say(ward: Ward) -> None:
    who = ward.member(ward.clinic.first)
    ward.raise_now(TODAY)
    ward.clinic.raise_now("fault/1", NOW)
    assert "2 alerts are open" in ward.read(who)
    for query, patients, clinics in (
        ("?urgency=now", False, True),
        ("?urgency=today", True, False),
        ("?of=patients", True, False),
        ("?of=clinic", False, True),
        ("?of=mine", False, False),
        ("?show=closed", False, False),
    ):
        page = ward.read(who, query)
        assert ("The phone is silent" in page) is patients, query
        assert ("Something of which no mail may tell" in page) is clinics, query
    assert "No open alert is of this kind." in ward.read(who, "?of=mine")
