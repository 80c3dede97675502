"""Reach: alerts are closed on their own patient's page, and being told is not owning."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cloud.alerts.escalating import hand_over
from cloud.alerts.findings import NOW, Cause
from cloud.alerts.models import Alert
from cloud.alerts.service import About, newest_of, raise_alert
from cloud.audit import service as audit
from cloud.channels.claims import SENT
from cloud.channels.models import Channel, Delivery
from cloud.channels.service import MAIL, Occasion, add_channel, plan, reachable_members
from cloud.dashboard.app import create_app
from cloud.errors import NotFound
from cloud.oncall.rota import Turn
from cloud.oncall.service import add_turn, turns_of
from cloud.patients.models import Patient
from cloud.people import staff
from cloud.people.authority import Role
from cloud.teams import service as teams
from cloud.vault.fields import vault_in
from tests.cloud.authority.people import Visitor, visitor
from tests.cloud.authority.test_staff import get, id_of, post
from tests.cloud.worlds import BIRTH_DATE, START_MS, World

OTHER = bytes(range(16))


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def alert_about(world: World, patient_id: bytes) -> bytes:
    with world.database.write("demo") as session:
        about = About("demo", patient_id)
        raise_alert(session, about, Cause("x", NOW, "A title"), "Why.", now_ms=START_MS)
        found = newest_of(session, about, "x")
        assert found is not None
        return found.alert_id


def is_open(world: World, alert_id: bytes) -> bool:
    with world.database.read("demo") as session:
        return session.get_one(Alert, ("demo", alert_id)).closed_ms is None


def add_another(world: World, like: Patient) -> None:
    with world.database.write("demo") as session:
        vault_in(session).admit("demo", OTHER)
        session.add(
            Patient(
                clinic_id="demo",
                patient_id=OTHER,
                name="Berta Other",
                birth_date=BIRTH_DATE,
                indication="mdd",
                initials="BO",
                vault_key_id=like.vault_key_id,
                created_ms=START_MS,
                erased_ms=None,
            )
        )


def of_a_team(world: World, patient_id: bytes, *members: Visitor) -> str:
    """Make the patient that of one team alone; return the team's id."""
    ids = [id_of(world, each) for each in members]
    with world.database.write("demo") as session:
        site = teams.add_site(session, "demo", "Main street", now_ms=START_MS)
        team = teams.add_team(session, "demo", site.site_id, "North", now_ms=START_MS)
        for staff_id in ids:
            teams.join(session, team, staff_id)
        teams.assign(session, "demo", patient_id, [team.team_id])
    return team.team_id.hex()


def add_mail(world: World, who: Visitor) -> Channel:
    staff_id = id_of(world, who)
    with world.database.write("demo") as session:
        address = "somebody@clinic.example"
        return add_channel(session, "demo", staff_id, MAIL, address, now_ms=START_MS)


def tell(world: World, channel: Channel, alert_id: bytes, ended: str = SENT) -> None:
    """Let a message about the alert have gone out, or what else became of it."""
    occasion = Occasion("a", NOW, alert_id=alert_id)
    with world.database.write("demo") as session:
        plan(session, channel, occasion, due_ms=START_MS, now_ms=START_MS)
        session.query(Delivery).one().ended = ended


def test_an_alert_is_closed_on_its_own_patients_page_alone(world: World, pages: TestClient) -> None:
    patient, _ = world.enrol()
    add_another(world, patient)
    who = visitor(world, "Own", Role.CARE_TEAM)
    alert_id = alert_about(world, patient.patient_id)
    form = {"alert": alert_id.hex()}
    assert post(world, pages, who, f"/patients/{OTHER.hex()}/alerts", **form).status_code == 404
    assert is_open(world, alert_id)
    own = f"/patients/{patient.patient_id.hex()}/alerts"
    assert post(world, pages, who, own, **form).status_code == 303
    assert not is_open(world, alert_id)
    with world.database.read("demo") as session:
        assert audit.newest(session, "demo")[0].subject == f"alert/{alert_id.hex()}"


def test_who_was_told_reads_and_acknowledges_and_does_nothing_else(
    world: World, pages: TestClient
) -> None:
    patient_id = world.enrol()[0].patient_id
    inside, told = (visitor(world, name, Role.PRESCRIBER) for name in ("In", "Told"))
    team = of_a_team(world, patient_id, inside)
    alert_id = alert_about(world, patient_id)
    page, alert = f"/patients/{patient_id.hex()}", f"/alerts/{alert_id.hex()}"
    assert get(pages, told, page).status_code == 404
    tell(world, add_mail(world, told), alert_id)
    assert [get(pages, told, f"{page}{more}").status_code for more in ("", "/hold")] == [200, 200]
    assert get(pages, told, f"{page}/session-logs").status_code == 200
    assert get(pages, told, f"{page}/prescribe").status_code == 404
    assert get(pages, told, f"{page}/teams").status_code == 404
    assert post(world, pages, told, f"{page}/teams", team=team).status_code == 404
    assert post(world, pages, told, f"{page}/codes").status_code == 404
    to_oneself = {"to": id_of(world, told).hex()}
    assert post(world, pages, told, f"{alert}/hand-over", **to_oneself).status_code == 409
    form = {"alert": alert_id.hex()}
    assert post(world, pages, told, f"{page}/alerts", **form).status_code == 303


@pytest.mark.parametrize("ended", ["", "failed", "void"])
def test_a_message_that_did_not_go_out_lets_nobody_in(
    world: World, pages: TestClient, ended: str
) -> None:
    patient_id = world.enrol()[0].patient_id
    inside, other = (visitor(world, name, Role.PRESCRIBER) for name in ("In", "Other"))
    of_a_team(world, patient_id, inside)
    tell(world, add_mail(world, other), alert_about(world, patient_id), ended)
    assert get(pages, other, f"/patients/{patient_id.hex()}").status_code == 404


def test_a_stand_in_does_not_give_the_patients_away(world: World, pages: TestClient) -> None:
    patient_id = world.enrol()[0].patient_id
    away, stand_in = (visitor(world, name, Role.PRESCRIBER) for name in ("Away", "Stand-in"))
    of_a_team(world, patient_id, away)
    form = {"first": "2026-03-02", "last": "2026-03-02", "stand_in": id_of(world, stand_in).hex()}
    assert post(world, pages, away, "/leave", **form).status_code == 303
    waiting = get(pages, stand_in, "/leave").text.partition("/leave/")[2][:32]
    assert post(world, pages, stand_in, f"/leave/{waiting}/accept").status_code == 303
    page = f"/patients/{patient_id.hex()}"
    assert get(pages, stand_in, page).status_code == 200
    assert get(pages, stand_in, f"{page}/prescribe").status_code == 200
    assert post(world, pages, stand_in, f"{page}/teams").status_code == 404


def test_who_leaves_is_on_no_rota_no_channel_and_no_alert(world: World) -> None:
    patient_id = world.enrol()[0].patient_id
    left, chief = visitor(world, "Left", Role.CARE_TEAM), visitor(world, "C", Role.ADMINISTRATOR)
    left_id, chief_id = id_of(world, left), id_of(world, chief)
    channel, alert_id = add_mail(world, left), alert_about(world, patient_id)
    with world.database.write("demo") as session:
        add_turn(session, "demo", Turn(1, left_id, 0, 0))
        hand_over(session, "demo", alert_id, to=left_id, now_ms=START_MS)
    with world.database.write("demo") as session:
        member = staff.member_of(session, "demo", left_id)
        staff.has_left(session, member, by=chief_id, now_ms=START_MS)
    with world.database.write("demo") as session:
        assert turns_of(session, "demo") == []
        assert reachable_members(session, "demo") == []
        kept = session.get_one(Channel, ("demo", channel.channel_id))
        assert kept.removed_ms == START_MS
        assert session.get_one(Alert, ("demo", alert_id)).handed_to is None
        with pytest.raises(NotFound):
            add_turn(session, "demo", Turn(1, left_id, 0, 0))
        with pytest.raises(NotFound):
            add_channel(session, "demo", left_id, MAIL, "a@clinic.example", now_ms=START_MS)
        kept.removed_ms = None
        session.flush()
        assert reachable_members(session, "demo") == []
        with pytest.raises(NotFound):
            hand_over(session, "demo", alert_id, to=left_id, now_ms=START_MS)


def test_a_patient_whose_team_nobody_treats_in_is_everybodys(
    world: World, pages: TestClient
) -> None:
    patient_id = world.enrol()[0].patient_id
    inside, other = (visitor(world, name, Role.CARE_TEAM) for name in ("In", "Other"))
    keeper = visitor(world, "Keeper", Role.ADMINISTRATOR)
    of_a_team(world, patient_id, inside, keeper)
    page = f"/patients/{patient_id.hex()}"
    assert get(pages, other, page).status_code == 404
    assert "Maria" not in get(pages, other, "/").text
    inside_id, keeper_id = id_of(world, inside), id_of(world, keeper)
    with world.database.write("demo") as session:
        member = staff.member_of(session, "demo", inside_id)
        staff.has_left(session, member, by=keeper_id, now_ms=START_MS)
    assert get(pages, other, page).status_code == 200
    assert "Maria" in get(pages, other, "/").text
