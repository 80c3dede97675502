"""Leave: both are told until the stand-in accepts, and the return is a date."""

import pytest

from cloud.errors import NotFound, Refused
from cloud.leave import service as leave
from cloud.leave.models import Leave
from cloud.leave.routing import routing
from cloud.people import service as people
from cloud.people import staff
from cloud.people.authority import Role
from cloud.teams import service as teams
from tests.cloud.worlds import START_MS, World

DAY_MS = 86_400_000


class Ward:
    """Three who treat, one team of the first two, one patient of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.patient_id = world.enrol()[0].patient_id
        with world.database.write("demo") as session:
            self.ids = [
                people.add_member(session, "demo", name, Role.CARE_TEAM, now_ms=START_MS).staff_id
                for name in ("A", "B", "C")
            ]
            site = teams.add_site(session, "demo", "Main street", now_ms=START_MS)
            team = teams.add_team(session, "demo", site.site_id, "North", now_ms=START_MS)
            for staff_id in self.ids[:2]:
                teams.join(session, team, staff_id)
            teams.assign(session, "demo", self.patient_id, [team.team_id])

    def plan(self, away: int, stand_in: int, first: int = 0, days: int = 7) -> Leave:
        from_ms = START_MS + first * DAY_MS
        asked = leave.Plan(self.ids[away], self.ids[stand_in], from_ms, from_ms + days * DAY_MS)
        with self.world.database.write("demo") as session:
            return leave.plan(session, "demo", asked, now_ms=START_MS)

    def accept(self, planned: Leave, who: int) -> None:
        with self.world.database.write("demo") as session:
            leave.accept(session, "demo", planned.leave_id, self.ids[who], now_ms=START_MS)

    def told(self, day: float = 0.5) -> str:
        now_ms = START_MS + int(day * DAY_MS)
        with self.world.database.read("demo") as session:
            found = routing(session, "demo", self.patient_id, now_ms=now_ms)
        return "".join("ABC"[self.ids.index(each)] for each in sorted(found, key=self.ids.index))


@pytest.fixture
def ward(world: World) -> Ward:
    return Ward(world)


def test_the_team_is_told_and_nobody_else(ward: Ward) -> None:
    assert ward.told() == "AB"


def test_both_are_told_until_the_stand_in_accepts(ward: Ward) -> None:
    planned = ward.plan(0, 2)
    assert ward.told() == "ABC"
    ward.accept(planned, 2)
    assert ward.told() == "BC"


def test_the_return_is_a_date(ward: Ward) -> None:
    ward.accept(ward.plan(0, 2, first=1, days=2), 2)
    assert [ward.told(day) for day in (0.9, 1, 2.9, 3)] == ["AB", "BC", "BC", "AB"]


def test_a_stand_in_on_leave_is_replaced_in_turn_and_a_circle_tells_all(ward: Ward) -> None:
    ward.accept(ward.plan(1, 0), 0)
    ward.accept(ward.plan(0, 2), 2)
    assert ward.told() == "C"
    ward.accept(ward.plan(2, 1), 1)
    assert ward.told() == "ABC"


def test_a_leave_called_off_changes_nothing_any_more(ward: Ward) -> None:
    planned = ward.plan(0, 2)
    ward.accept(planned, 2)
    with ward.world.database.write("demo") as session:
        with pytest.raises(NotFound):
            leave.end(session, "demo", planned.leave_id, ward.ids[2], now_ms=START_MS)
        leave.end(session, "demo", planned.leave_id, ward.ids[0], now_ms=START_MS)
    assert ward.told() == "AB"


def test_only_the_stand_in_accepts(ward: Ward) -> None:
    planned = ward.plan(0, 2)
    with pytest.raises(NotFound):
        ward.accept(planned, 1)
    assert ward.told() == "ABC"


@pytest.mark.parametrize(
    ("away", "stand_in", "first", "days", "code"),
    [
        (0, 0, 0, 1, "stand_in"),
        (0, 1, 0, 0, "until"),
        (0, 1, 0, 367, "until"),
        (0, 1, -3, 2, "until"),
        (1, 2, 3, 1, "from"),
    ],
)
def test_a_leave_that_makes_no_sense_is_refused(
    ward: Ward, away: int, stand_in: int, first: int, days: int, code: str
) -> None:
    ward.plan(1, 2, first=2, days=3)
    with pytest.raises(Refused) as refused:
        ward.plan(away, stand_in, first, days)
    assert refused.value.code == code


def test_one_who_left_the_clinic_is_told_no_more_and_stands_in_for_nobody(ward: Ward) -> None:
    ward.accept(ward.plan(0, 2), 2)
    with ward.world.database.write("demo") as session:
        found = staff.member_of(session, "demo", ward.ids[2])
        staff.has_left(session, found, by=ward.ids[0], now_ms=START_MS)
    assert ward.told() == "AB"


def test_a_team_without_members_is_not_silence(ward: Ward) -> None:
    with ward.world.database.write("demo") as session:
        for staff_id in ward.ids[:2]:
            found = staff.member_of(session, "demo", staff_id)
            staff.has_left(session, found, by=ward.ids[2], now_ms=START_MS)
    assert ward.told() == "C"
