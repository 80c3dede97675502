"""The pages of staff and teams: who is found, what each may do, who is away and who is called."""

import pytest
from starlette.testclient import TestClient

from cloud.language import told
from cloud.leave import service as leave
from cloud.oncall import service as oncall
from cloud.oncall.rota import Turn
from cloud.people.authority import TABLE, Act, Reach, Role
from cloud.teams import service as teams
from tests.cloud.authority.people import Visitor, visitor
from tests.cloud.authority.test_staff import get, id_of, post
from tests.cloud.authority.test_staff import pages as pages
from tests.cloud.worlds import START_MS, World

DAY_MS = 86_400_000
WHOLE_WEEK = (0, 0)


def said(pages: TestClient, who: Visitor, path: str) -> str:
    answer = get(pages, who, path)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def goes_on_leave(world: World, who: Visitor, stand_in: Visitor, *, in_days: int) -> bytes:
    """Plan three days of leave; return the leave's id."""
    from_ms = world.clock.now_ms + in_days * DAY_MS
    days = (from_ms, from_ms + 3 * DAY_MS)
    with world.database.write("demo") as session:
        asked = leave.Plan(id_of(world, who), id_of(world, stand_in), *days)
        return leave.plan(session, "demo", asked, now_ms=world.clock.now_ms).leave_id


def accepts(world: World, stand_in: Visitor, leave_id: bytes) -> None:
    with world.database.write("demo") as session:
        leave.accept(session, "demo", leave_id, id_of(world, stand_in), now_ms=world.clock.now_ms)


@pytest.mark.parametrize(
    ("words", "found", "not_found"),
    [
        ("nell", "Nell North", "Sam South"),
        ("NORTH", "Nell North", "Sam South"),
        ("auditor", "Sam South", "Nell North"),
        ("on leave", "Nell North", "Sam South"),
        ("  sam   south ", "Sam South", "Nell North"),
    ],
)
def test_staff_is_found_by_name_role_and_leave(
    world: World, pages: TestClient, words: str, found: str, not_found: str
) -> None:
    chief = visitor(world, "Chief", Role.ADMINISTRATOR)
    other = visitor(world, "Other", Role.PRESCRIBER)
    nell = visitor(world, "Nell North", Role.CARE_TEAM)
    visitor(world, "Sam South", Role.AUDITOR)
    goes_on_leave(world, nell, other, in_days=0)
    page = said(pages, chief, f"/staff?q={words}")
    table = page[page.index("<table") : page.index("</table>")]
    assert found in table
    assert not_found not in table
    assert f"1 of 4 are found by “{' '.join(words.split())}”." in page


def test_a_search_that_finds_nobody_says_so_and_how_to_go_on(
    world: World, pages: TestClient
) -> None:
    chief = visitor(world, "Chief", Role.ADMINISTRATOR)
    page = said(pages, chief, "/staff?q=<nobody>")
    assert "Nobody is found by “&lt;nobody&gt;”." in page
    assert 'href="/staff">Show all</a>' in page
    assert "<table" not in page
    assert "Nobody is found" not in said(pages, chief, "/staff?q=%20")


def test_leave_is_said_with_its_days_and_whether_somebody_stands_in(
    world: World, pages: TestClient
) -> None:
    chief = visitor(world, "Chief", Role.ADMINISTRATOR)
    away, stand_in = (visitor(world, name, Role.CARE_TEAM) for name in ("Away", "Stand-in"))
    planned = goes_on_leave(world, away, stand_in, in_days=2)
    page = said(pages, chief, "/staff")
    assert "Leave planned Wed 4 Mar 2026 to Sat 7 Mar 2026: Stand-in is asked to stand in" in page
    accepts(world, stand_in, planned)
    world.clock.now_ms += 2 * DAY_MS
    chief = visitor(world, "Another chief", Role.ADMINISTRATOR)
    page = said(pages, chief, "/staff")
    assert "On leave</span> to Sat 7 Mar 2026: Stand-in stands in" in page
    world.clock.now_ms += 3 * DAY_MS
    chief = visitor(world, "Yet another", Role.ADMINISTRATOR)
    page = said(pages, chief, "/staff")
    assert "stands in" not in page


def test_a_team_says_who_is_away_and_who_is_called_instead(world: World, pages: TestClient) -> None:
    away, stand_in = (visitor(world, name, Role.CARE_TEAM) for name in ("Away", "Stand-in"))
    assert "Nobody is on call now." in said(pages, away, "/teams")
    with world.database.write("demo") as session:
        site = teams.add_site(session, "demo", "Main street", now_ms=START_MS)
        team = teams.add_team(session, "demo", site.site_id, "North", now_ms=START_MS)
    for who in (away, stand_in):
        with world.database.write("demo") as session:
            teams.join(session, team, id_of(world, who))
    with world.database.write("demo") as session:
        oncall.add_turn(session, "demo", Turn(1, id_of(world, away), *WHOLE_WEEK))
        oncall.add_turn(session, "demo", Turn(2, id_of(world, stand_in), *WHOLE_WEEK))
    page = said(pages, stand_in, "/teams")
    assert "On call now:</strong> Away; second: Stand-in" in page
    planned = goes_on_leave(world, away, stand_in, in_days=0)
    assert "On call now:</strong> Away, Stand-in; second: Stand-in" in said(
        pages, stand_in, "/teams"
    )
    accepts(world, stand_in, planned)
    page = said(pages, stand_in, "/teams")
    assert "On call now:</strong> Stand-in; second: Stand-in" in page
    assert "First on call</span> for Away" in page
    assert "On leave</span> to" in page


def test_only_who_may_keep_teams_is_offered_to_change_them(world: World, pages: TestClient) -> None:
    chief, nurse = (
        visitor(world, "Chief", Role.ADMINISTRATOR),
        visitor(world, "Nurse", Role.CARE_TEAM),
    )
    with world.database.write("demo") as session:
        site = teams.add_site(session, "demo", "Main street", now_ms=START_MS)
        team = teams.add_team(session, "demo", site.site_id, "North", now_ms=START_MS)
    path = f"/teams/{team.team_id.hex()}/members"
    answer = post(world, pages, chief, path, member=id_of(world, nurse).hex())
    page = said(pages, chief, answer.headers["location"])
    assert '<details class="folds no-print" open>' in page, "the next change is one touch away"
    assert "<option" not in page[page.index("<details class=") : page.index("</section>")], (
        "who is in it isn't offered again"
    )
    assert "Take out Nurse" in page
    assert '<details class="folds no-print">' in said(pages, chief, "/teams")
    assert "Take out" not in said(pages, nurse, "/teams")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CAREGIVER])
def test_what_a_role_may_do_is_said_as_the_table_has_it(role: Role) -> None:
    words = told(role.scope)
    may = {act for act in Act if TABLE[act].reach(role) is not Reach.NO}
    assert ("Sees no patient" in words) == (Act.READ_PATIENT not in may)
    assert ("Sees the patients" in words) == (Act.READ_PATIENT in may)
    assert ("prescribes" in words) == (Act.DRAFT in may)
    assert ("places holds" in words) == (Act.PLACE_HOLD in may)
    assert ("lifts them" in words) == (Act.LIFT_HOLD in may)
    assert ("Keeps staff" in words) == ({Act.INVITE, Act.KEEP_TEAMS, Act.KEEP_BANDS} <= may)
    assert ("Reads the audit log" in words) == (Act.EXPORT_AUDIT in may)
