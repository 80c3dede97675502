"""What each page says where it can't be shown: not signed in, not allowed, not there, failing."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from cloud.fhir.serving.answers import is_of_fhir
from tests.cloud.authority.expected import ALL, DASHBOARD
from tests.cloud.authority.people import NONE
from tests.cloud.every_page.addresses import addresses, filled
from tests.cloud.every_page.clinic import PageClinic

NOTHING = "0" * 64


@pytest.fixture(scope="module")
def app(clinic: PageClinic) -> FastAPI:
    return create_app(clinic.settings, clinic.clock)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    headers = {"Accept": "text/html"}
    with TestClient(
        app, follow_redirects=False, headers=headers, raise_server_exceptions=False
    ) as made:
        yield made


def ask(client: TestClient, cookie: str, method: str, path: str, **more: object) -> httpx2.Response:
    client.cookies.clear()
    if cookie:
        client.cookies.set("circlet", cookie)
    answer: httpx2.Response = client.request(method, path, **more)  # type: ignore[arg-type]
    return answer


def heading(answer: httpx2.Response) -> str:
    found = re.search("<h1>([^<]*)</h1>", answer.text)
    return found[1] if found else ""


def signed_in_routes(method: str) -> list[str]:
    return sorted(
        path
        for (asked, path), route in DASHBOARD.items()
        if asked == method and not route.nobody and not is_of_fhir(path)
    )


@pytest.mark.parametrize("path", signed_in_routes("GET"))
def test_page_without_a_sign_in_leads_to_the_sign_in(
    client: TestClient, clinic: PageClinic, path: str
) -> None:
    address = filled(path, {**clinic.ids, "token": NOTHING})
    way_in = "/care/sign-in" if path == "/care" else "/sign-in"
    for cookie in ("", clinic.cookies["prescriber"][:-2] + "00"):
        answer = ask(client, cookie, "GET", address)
        assert (answer.status_code, answer.headers["location"]) == (303, way_in)
    refreshed = ask(client, "", "GET", address, headers={"HX-Request": "true"})
    assert refreshed.headers["hx-redirect"] == way_in


@pytest.mark.parametrize("path", signed_in_routes("POST"))
def test_form_without_a_sign_in_says_so_and_that_nothing_was_changed(
    client: TestClient, clinic: PageClinic, path: str
) -> None:
    ids = {name: NONE for name in re.findall(r"{(\w+)}", path)}
    form = {**DASHBOARD["POST", path].form, "form_token": "of-an-ended-sign-in"}
    answer = ask(client, "", "POST", filled(path, {**ids, **clinic.ids}), data=form)
    assert answer.status_code in (401, 403)
    if answer.status_code == 401:
        assert heading(answer) == "You are not signed in"
        assert 'id="signed-out"' in answer.text
        assert "Nothing was changed." in answer.text
        assert re.search('class="button" href="/(care/)?sign-in"', answer.text)


@pytest.mark.parametrize("path", signed_in_routes("GET"))
def test_page_of_another_role_says_so_and_leads_back_to_ones_own(
    client: TestClient, clinic: PageClinic, path: str
) -> None:
    others = [role for role in ALL if role not in DASHBOARD["GET", path].who]
    homes = {"caregiver": "/care", "auditor": "/audit", "administrator": "/staff"}
    for role in others:
        answer = ask(client, clinic.cookies[role], "GET", filled(path, clinic.ids))
        assert (answer.status_code, heading(answer)) == (403, "This is not open to you"), role
        assert "role may not" in answer.text
        home = re.search('class="button" href="([^"]*)"', answer.text)
        assert home is not None
        assert home[1] == homes.get(role, "/")
        assert ask(client, clinic.cookies[role], "GET", home[1]).status_code == 200


@pytest.mark.parametrize("path", [each for each in signed_in_routes("GET") if "{" in each])
def test_what_is_not_there_says_so(client: TestClient, clinic: PageClinic, path: str) -> None:
    nowhere = filled(path, dict.fromkeys(re.findall(r"{(\w+)}", path), NONE))
    answer = ask(client, clinic.cookies["everything"], "GET", nowhere)
    assert answer.status_code == 404
    assert heading(answer) == "Nothing is here"
    assert "Everything," in answer.text


def test_every_page_that_fails_says_so_in_words(
    client: TestClient, app: FastAPI, clinic: PageClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_values: object, **_more: object) -> None:
        raise RuntimeError("the page's own fault")

    monkeypatch.setattr("cloud.dashboard.parts.Dashboard.audit", fails)
    failed = 0
    for each in addresses(app, clinic.ids):
        answer = ask(client, clinic.cookies[each.visitor], "GET", each.path)
        if answer.status_code == 500:
            failed += 1
            assert heading(answer) == "The server failed", each.path
            assert "Try again" in answer.text
            assert "own fault" not in answer.text
    assert failed > 5
