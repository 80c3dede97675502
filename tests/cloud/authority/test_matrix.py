"""Every route, with everybody, over an own and a foreign patient, against a table by hand."""

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.cloud.authority.expected import DASHBOARD, Route
from tests.cloud.authority.people import NONE, Town, Visitor, answered
from tests.cloud.worlds import World

IDS = {
    "token": "demo.never",
    "member": NONE,
    "leave": NONE,
    "team": NONE,
    "alert": NONE,
    "drill": NONE,
    "key": NONE,
    "device": NONE,
    "release": NONE,
    "system": NONE,
    "view": NONE,
    "epoch": NONE,
    "number": "1",
    "part": "screening",
    "step": "end",
    "hold": NONE,
    "code": "0000",
    "kind": "Observation",
    "id": NONE,
    "export": NONE,
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORMLESS = {"GET", "HEAD", "OPTIONS"}


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    paths = app.openapi()["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def knock(
    pages: TestClient,
    who: Visitor,
    method: str,
    path: str,
    patient: str,
    form: dict[str, str] | None = None,
) -> httpx2.Response:
    """Ask for one page as this visitor."""
    pages.cookies.clear()
    headers = {"Cookie": f"circlet={who.cookie}"} if who.cookie else {}
    filled = path.format(patient=patient, **IDS)
    if method in FORMLESS:
        answer: httpx2.Response = pages.request(method, filled, headers=headers)
        return answer
    data = {"patient_id": patient, "form_token": who.form_token, **(form or {})}
    answer = pages.request(method, filled, headers=headers, data=data)
    return answer


def step_up_for(world: World, who: Visitor, route: Route, path: str) -> None:
    """Stand in for the passkey: it has answered for this form of this visitor."""
    filled = path.format(patient="", **IDS)
    answered(world, who, route.step_up, filled, {"patient_id": "", **route.form})


def form_of(route: Route, alert: str) -> dict[str, str]:
    """Return the route's form, with an alert's id where it takes one."""
    return {name: value.format(alert_of_patient=alert) for name, value in route.form.items()}


def wanted(route: Route, who: str, *, patient: str, town: Town) -> int:
    """Return the status that the table by hand asks for."""
    if route.nobody:
        return route.status
    if who in {"nobody", "left"}:
        return 401
    if not route.who or (who != "foreign" and who not in route.who):
        return 403
    reachable = town.foreign if who == "foreign" else town.own
    return route.status if patient in {"", reachable} else 404


def test_every_route_of_the_dashboard_is_expected(app: FastAPI) -> None:
    assert routes_of(app) == set(DASHBOARD)


@pytest.mark.early
def test_every_route_answers_everybody_as_expected(
    world: World, app: FastAPI, pages: TestClient, town: Town
) -> None:
    wrong, cells = [], 0
    # Signing out ends a visitor's sign-in: it comes last.
    ordered = sorted(routes_of(app), key=lambda route: (route[1] == "/sign-out", route))
    for method, path in ordered:
        route = DASHBOARD[method, path]
        patients = (town.own, town.foreign) if "{patient}" in path else ("",)
        for name, who in town.visitors.items():
            for patient in patients:
                form = form_of(route, town.alerts.get(patient, ""))
                if route.step_up and who.cookie and name != "left":
                    before = knock(pages, who, method, path, patient, form)
                    assert before.status_code == 403
                    step_up_for(world, who, route, path)
                answer = knock(pages, who, method, path, patient, form)
                expected = wanted(route, name, patient=patient, town=town)
                cells += 1
                if answer.status_code != expected:
                    wrong.append((method, path, name, patient, answer.status_code, expected))
                if name == "foreign":
                    assert "Maria" not in answer.text
                else:
                    assert "Berta" not in answer.text
    print(f"\ndashboard: {len(ordered)} routes, {len(town.visitors)} visitors, {cells} cells")
    assert wrong == []


def test_nobody_closes_an_alert_through_another_patients_address(
    pages: TestClient, town: Town
) -> None:
    path = "/patients/{patient}/alerts"
    route = DASHBOARD["POST", path]
    for patient, other in ((town.own, town.foreign), (town.foreign, town.own)):
        form = form_of(route, town.alerts[other])
        for name, who in town.visitors.items():
            at_own = wanted(route, name, patient=patient, town=town)
            expected = 404 if at_own == route.status else at_own
            assert knock(pages, who, "POST", path, patient, form).status_code == expected, name


def seen(answer: httpx2.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    return answer.status_code, answer.content, sorted(answer.headers.items())


@pytest.mark.long
def test_foreign_patient_and_none_are_answered_in_the_same_bytes(
    app: FastAPI, pages: TestClient, town: Town
) -> None:
    paths = {path for _, path in routes_of(app) if "{patient}" in path}
    pairs = 0
    for path in sorted(paths):
        for method in METHODS:
            form = DASHBOARD[method, path].form if (method, path) in DASHBOARD else {}
            for name, who in town.visitors.items():
                unreachable = town.own if name == "foreign" else town.foreign
                for token in (who.form_token, "wrong"):
                    visitor = Visitor(who.name, who.cookie, token)
                    theirs = knock(pages, visitor, method, path, unreachable, form)
                    nobodys = knock(pages, visitor, method, path, NONE, form)
                    assert seen(theirs) == seen(nobodys), (method, path, name)
                    pairs += 1
    print(f"\nforeign = none: {pairs} pairs of answers")


def test_a_form_of_another_sign_in_is_refused_before_the_patient_is_looked_up(
    pages: TestClient, town: Town
) -> None:
    who = town.visitors["prescriber"]
    other = Visitor(who.name, who.cookie, "wrong")
    for method, path in DASHBOARD:
        if method == "POST" and "{patient}" in path:
            answers = {
                seen(knock(pages, other, method, path, patient))[:2]
                for patient in (town.own, town.foreign, NONE)
            }
            assert {status for status, _ in answers} == {403}
            assert len(answers) == 1
