"""Only who may be told of a patient answers for an hour; where nobody does, every page says so."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, update
from starlette.testclient import TestClient

from cloud.alerts.escalating import hand_over
from cloud.alerts.service import acknowledge, open_alerts
from cloud.alerts.untold import untold
from cloud.channels import service as channels
from cloud.channels.models import Channel
from cloud.dashboard.app import create_app
from cloud.errors import Refused
from cloud.oncall import drills, service
from cloud.oncall.rota import Turn
from cloud.people.authority import Role
from cloud.people.models import Member, RoleHeld
from cloud.people.service import add_member
from shared.care.bodies import RedFlag
from tests.cloud.alerts.telling import tell
from tests.cloud.authority.people import Visitor, visitor
from tests.cloud.oncall.clinics import OnCall, on_call
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

IDLE = "First is on the rota and is told of no patient: only who treats here is."
HOURS = "Nobody who may be told of a patient is first on call Monday 0:00 to Monday 0:00."
MAY_REACH_NOBODY = '"Now" alerts may reach nobody'
UNTOLD = "Nobody was told of 1 alert for now."


@pytest.fixture
def clinic(world: World) -> Iterator[OnCall]:
    world.clock.now_ms -= 8 * 3_600_000  # one o'clock: no drill begins by itself
    with on_call(world) as made:
        yield made


@pytest.fixture
def pages(clinic: OnCall) -> Iterator[TestClient]:
    app = create_app(clinic.world.settings, clinic.world.clock)
    with TestClient(app, follow_redirects=False) as made:
        yield made


def becomes_auditor(clinic: OnCall, staff_id: bytes) -> None:
    """Let a member treat no more."""
    with clinic.world.database.write("demo") as session:
        mine = (RoleHeld.clinic_id == "demo") & (RoleHeld.staff_id == staff_id)
        session.execute(update(RoleHeld).where(mine).values(role=Role.AUDITOR.value))


def lacking(clinic: OnCall) -> tuple[str, ...]:
    with clinic.world.database.read("demo") as session:
        return service.lacking(session, "demo", now_ms=clinic.world.clock.now_ms)


def read(pages: TestClient, who: Visitor, path: str) -> str:
    answer = pages.get(path, headers={"Cookie": f"circlet={who.cookie}"})
    assert answer.status_code == 200, path
    return " ".join(answer.text.split())


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_is_told_of_no_patient_comes_on_no_rung(clinic: OnCall, role: Role, level: int) -> None:
    with clinic.world.database.write("demo") as session:
        member = add_member(session, "demo", "Office", role, now_ms=1)
        before = service.rota_of(session, "demo")
        with pytest.raises(Refused, match="Office can't be on call") as refused:
            service.add_turn(session, "demo", Turn(level, member.staff_id, 0, 0))
        assert refused.value.code == "staff"
        assert service.rota_of(session, "demo") == before


def test_who_may_open_no_alert_gets_no_channel(clinic: OnCall) -> None:
    with clinic.world.database.write("demo") as session:
        member = add_member(session, "demo", "Auditor", Role.AUDITOR, now_ms=1)
        with pytest.raises(Refused, match="may open no alert") as refused:
            channels.add_channel(
                session, "demo", member.staff_id, channels.MAIL, "a@clinic.example", now_ms=1
            )
        assert refused.value.code == "staff"


def test_a_turn_of_who_treats_no_more_answers_for_no_hour(clinic: OnCall) -> None:
    clinic.prove()
    assert lacking(clinic) == ()
    becomes_auditor(clinic, clinic.first)
    assert lacking(clinic) == (HOURS, IDLE)
    with clinic.world.database.write("demo") as session, pytest.raises(Refused, match="only who"):
        service.let_ring(session, "demo", now_ms=clinic.world.clock.now_ms)


def test_a_turn_of_who_left_answers_for_no_hour(clinic: OnCall) -> None:
    clinic.prove()
    with clinic.world.database.write("demo") as session:
        session.get_one(Member, ("demo", clinic.first)).left_ms = 1
    assert lacking(clinic) == (HOURS, IDLE)


def test_hours_of_nobody_and_hours_of_who_is_not_told_are_said_apart(clinic: OnCall) -> None:
    clinic.prove()
    with clinic.world.database.write("demo") as session:
        (turn,) = service.turns_of(session, "demo")
        service.remove_turn(session, "demo", turn.turn_id)
        service.add_turn(session, "demo", Turn(1, clinic.first, 60, 120))
        service.add_turn(session, "demo", Turn(1, clinic.second, 120, 180))
    becomes_auditor(clinic, clinic.second)
    assert lacking(clinic) == (
        "Nobody is first on call Monday 0:00 to Monday 1:00.",
        "Nobody who may be told of a patient is first on call Monday 2:00 to Monday 0:00.",
        "Second is on the rota and is told of no patient: only who treats here is.",
    )


def test_a_rota_that_empties_while_it_rings_is_an_alert_and_stands_on_the_pages(
    clinic: OnCall, pages: TestClient
) -> None:
    clinic.let_ring()
    doctor = visitor(clinic.world, "Doctor", Role.PRESCRIBER)
    chief = visitor(clinic.world, "Chief", Role.ADMINISTRATOR)
    places = ((doctor, "/"), (doctor, "/alerts"), (chief, "/alerts"), (chief, "/clinic/alerts"))
    assert not any(IDLE in read(pages, who, path) for who, path in places)
    becomes_auditor(clinic, clinic.first)
    clinic.go(1)
    assert MAY_REACH_NOBODY in clinic.titles()
    for who, path in places:
        assert IDLE in read(pages, who, path), path


def test_an_alert_that_nobody_is_told_of_is_said_to_the_team_and_the_administrators(
    clinic: OnCall, phone: Phone, pages: TestClient
) -> None:
    clinic.let_ring()
    doctor = visitor(clinic.world, "Doctor", Role.PRESCRIBER)
    chief = visitor(clinic.world, "Chief", Role.ADMINISTRATOR)
    becomes_auditor(clinic, clinic.first)
    becomes_auditor(clinic, clinic.second)
    tell(clinic.world, phone, RedFlag("seizure"))
    assert [clinic.go(), clinic.go(10), clinic.go(10)] == [[], [], []]
    assert "Nobody could be told of an alert" in clinic.titles()
    with clinic.world.database.read("demo") as session:
        (own,) = [each for each in open_alerts(session, "demo") if each.patient_id is not None]
        assert own.alert_id in untold(session, "demo")
    assert own.patient_id is not None
    patient = f"/patients/{own.patient_id.hex()}"
    assert "Nobody was told of it." in read(pages, doctor, patient)
    for who, path in ((doctor, "/"), (doctor, patient), (chief, "/staff"), (chief, "/clinic")):
        assert "Nobody was told of" in read(pages, who, path), path


def test_an_alert_that_another_reaches_does_not_hide_one_that_nobody_was_told_of(
    clinic: OnCall, phone: Phone, pages: TestClient
) -> None:
    clinic.let_ring()
    with clinic.world.database.write("demo") as session:
        session.execute(delete(Channel).where(Channel.channel_id != clinic.channel.channel_id))
        office = add_member(session, "demo", "Office", Role.ADMINISTRATOR, now_ms=1)
        channels.add_channel(
            session, "demo", office.staff_id, channels.MAIL, "office@clinic.example", now_ms=1
        )
    becomes_auditor(clinic, clinic.first)
    tell(clinic.world, phone, RedFlag("seizure"))
    clinic.go()
    clinic.raise_now()
    assert "office@clinic.example" in clinic.go(1)
    assert "Nobody could be told of an alert" in clinic.titles()
    chief = visitor(clinic.world, "Chief", Role.ADMINISTRATOR)
    assert UNTOLD in read(pages, chief, "/clinic/alerts")
    with clinic.world.database.write("demo") as session:
        (own,) = [each for each in open_alerts(session, "demo") if each.patient_id is not None]
        acknowledge(session, own, own.alert_id, by=clinic.second, now_ms=1)
    assert UNTOLD not in read(pages, chief, "/clinic/alerts")


def test_an_alert_is_handed_to_nobody_who_may_not_open_it(clinic: OnCall, phone: Phone) -> None:
    with clinic.world.database.write("demo") as session:
        office = add_member(session, "demo", "Office", Role.ADMINISTRATOR, now_ms=1)
        channels.add_channel(
            session, "demo", office.staff_id, channels.MAIL, "office@clinic.example", now_ms=1
        )
    tell(clinic.world, phone, RedFlag("seizure"))
    clinic.raise_now()
    clinic.go()
    with clinic.world.database.write("demo") as session:
        own, other = sorted(open_alerts(session, "demo"), key=lambda each: each.patient_id is None)
        with pytest.raises(Refused, match="may not open this alert") as refused:
            hand_over(session, "demo", own.alert_id, to=office.staff_id, now_ms=1)
        assert refused.value.code == "to"
        hand_over(session, "demo", other.alert_id, to=office.staff_id, now_ms=1)


def test_the_menus_offer_who_is_here_and_may_be_told(clinic: OnCall, pages: TestClient) -> None:
    chief = visitor(clinic.world, "Chief", Role.ADMINISTRATOR)
    visitor(clinic.world, "Looks On", Role.AUDITOR)
    gone = visitor(clinic.world, "Gone Away", Role.PRESCRIBER)
    with clinic.world.database.write("demo") as session:
        session.execute(update(Member).where(Member.name == gone.name).values(left_ms=1))
    page = read(pages, chief, "/clinic/alerts")

    def offered(menu: str) -> set[str]:
        options = page.partition(f'<select id="{menu}"')[2].partition("</select>")[0]
        return {each.partition("<")[0] for each in options.split('">')[2:]}

    assert {"First", "Second"} <= offered("turn-staff")
    assert "Chief" not in offered("turn-staff")
    assert "Chief" in offered("channel-staff")
    for menu in ("turn-staff", "channel-staff"):
        assert not offered(menu) & {"Looks On", "Gone Away"}


def test_a_drill_of_who_is_told_of_no_patient_lets_nothing_ring(clinic: OnCall) -> None:
    becomes_auditor(clinic, clinic.first)
    with clinic.world.database.write("demo") as session:
        channel = session.get_one(Channel, ("demo", clinic.channel.channel_id))
        drill = drills.start(session, channel, now_ms=clinic.world.clock.now_ms)
        drills.answer(
            session,
            "demo",
            drill.drill_id,
            staff_id=clinic.first,
            now_ms=clinic.world.clock.now_ms,
        )
        with pytest.raises(Refused, match="Nobody who may be told of a patient"):
            service.let_ring(session, "demo", now_ms=clinic.world.clock.now_ms)
