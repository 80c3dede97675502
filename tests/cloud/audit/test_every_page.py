"""Every page that shows or changes a patient writes one line, which names page and patient."""

from fastapi import FastAPI
from starlette.testclient import TestClient

from cloud.audit.reading import KINDS
from cloud.audit.refreshes import EVERY_MS
from cloud.audit.service import line_of, newest
from shared.trust.audit_chain import AuditLine
from tests.cloud.authority.expected import DASHBOARD
from tests.cloud.authority.people import Town, Visitor
from tests.cloud.authority.test_matrix import form_of, knock, routes_of
from tests.cloud.worlds import World

NAME = "Maria Sample"


def lines(world: World) -> list[AuditLine]:
    with world.database.read("demo") as session:
        return [line_of(each) for each in newest(session, "demo", 1000)][::-1]


def test_each_page_that_shows_or_changes_a_patient_writes_one_line(
    world: World, app: FastAPI, pages: TestClient, town: Town
) -> None:
    own, wrong, shown = bytes.fromhex(town.own), [], 0
    for method, path in sorted(routes_of(app)):
        route = DASHBOARD[method, path]
        for who in route.who:
            before = len(lines(world))
            form = form_of(route, town.alerts[town.own])
            answer = knock(pages, town.visitors[who], method, path, town.own, form)
            changes = method == "POST" and "{patient}" in path and answer.status_code == 303
            if not changes and (answer.status_code != 200 or NAME not in answer.text):
                continue
            shown += 1
            written = lines(world)[before:]
            if [(each.route, own in each.patients) for each in written] != [
                (f"{method} {path}", True)
            ]:
                wrong.append((method, path, who, written))
    print(f"\naudit: {shown} answers about a patient, one line each")
    assert wrong == []
    assert shown > 20
    assert {each.subject.partition("/")[0] for each in lines(world)} <= set(KINDS)


def test_form_that_comes_back_with_faults_is_written_down_too(
    world: World, pages: TestClient, town: Town
) -> None:
    who = town.visitors["prescriber"]
    path = "/patients/{patient}/prescriptions"
    form = DASHBOARD["POST", path].form
    before = len(lines(world))
    assert NAME in knock(pages, who, "POST", path, town.own, form).text
    assert [each.action for each in lines(world)[before:]] == ["tried a draft"]


def test_open_page_is_written_down_once_in_a_while_for_each_reader(
    world: World, pages: TestClient, town: Town
) -> None:
    def refresh(who: Visitor) -> int:
        before = len(lines(world))
        knock(pages, who, "GET", "/patients/{patient}/live", town.own)
        return len(lines(world)) - before

    prescriber, nurse = town.visitors["prescriber"], town.visitors["care-team"]
    assert [refresh(prescriber) for _ in range(3)] == [1, 0, 0]
    assert refresh(nurse) == 1
    world.clock.now_ms += EVERY_MS
    assert refresh(prescriber) == 1


def test_list_names_everybody_who_is_on_it_and_nobody_else(
    world: World, pages: TestClient, town: Town
) -> None:
    knock(pages, town.visitors["prescriber"], "GET", "/", "")
    assert lines(world)[-1].patients == (bytes.fromhex(town.own),)


def test_whoever_is_refused_writes_nothing_about_the_patient(
    world: World, pages: TestClient, town: Town
) -> None:
    before = lines(world)
    for name in ("administrator", "auditor", "foreign", "nobody", "left"):
        knock(pages, town.visitors[name], "GET", "/patients/{patient}", town.own)
    assert lines(world) == before
