"""Which language a request is answered in: the member's own, else the browser's, else English."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from cloud.audit.service import newest
from cloud.dashboard.app import create_app
from cloud.language import _, conversation, current, day, number, switch, zone
from cloud.language.asked import best
from cloud.people.authority import Role
from cloud.times import Times, ago
from tests.cloud.authority.people import visitor
from tests.cloud.test_pages import sign_in
from tests.cloud.worlds import START_MS, World

GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.8"}


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


def choose(pages: TestClient, token: str, language: str) -> int:
    form = {"form_token": token, "language": language}
    return pages.post("/account/language", data=form).status_code


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("fr, de;q=0.5, en;q=0.4", "de"),
        ("de;q=0.3, en;q=0.7", "en"),
        ("de;q=0", "en"),
        ("de;q=two", "en"),
        ("de;q=7", "en"),
        ("de;q=nan", "en"),
        ("*", "en"),
        ("fr", "en"),
        (";;,,=", "en"),
    ],
)
def test_the_language_that_a_browser_likes_most_is_chosen(asked: str, spoken: str) -> None:
    assert best(asked) == spoken


def test_a_page_speaks_what_the_browser_asks_for(pages: TestClient) -> None:
    assert '<html lang="de">' in pages.get("/sign-in", headers=GERMAN).text
    assert '<html lang="en">' in pages.get("/sign-in").text


def test_a_member_s_own_language_comes_first_and_is_kept(world: World, pages: TestClient) -> None:
    token = sign_in(world, pages)
    assert choose(pages, token, "de") == 303
    page = pages.get("/account", headers={"Accept-Language": "en"}).text
    assert '<html lang="de">' in page
    assert 'value="de" lang="de" selected' in page
    assert "Abmelden" in page
    assert choose(pages, token, "") == 303
    assert '<html lang="en">' in pages.get("/account").text
    assert '<html lang="de">' in pages.get("/account", headers=GERMAN).text


def test_a_language_that_is_none_of_ours_is_refused(world: World, pages: TestClient) -> None:
    token = sign_in(world, pages)
    assert choose(pages, token, "xx") == 409
    assert '<html lang="en">' in pages.get("/account").text


def test_one_member_s_language_is_nobody_else_s(world: World, pages: TestClient) -> None:
    token = sign_in(world, pages)
    choose(pages, token, "de")
    other = visitor(world, "B. Example", Role.AUDITOR)
    pages.cookies.clear()
    page = pages.get("/account", headers={"Cookie": f"circlet={other.cookie}"})
    assert '<html lang="en">' in page.text


def test_what_is_written_down_has_no_language(world: World, pages: TestClient) -> None:
    token = sign_in(world, pages)
    choose(pages, token, "de")
    pages.post("/sign-out", data={"form_token": token})
    with world.database.read("demo") as session:
        said = [event.action for event in newest(session, "demo")][:2]
    assert said == ["signed out", "chose a language"]


def test_two_conversations_at_once_keep_apart() -> None:
    both = Barrier(2, timeout=10)

    def said(code: str) -> str:
        with conversation("en"):
            switch(code)
            both.wait()
            return _("today")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(said, ("de", "en"))) == ["heute", "today"]
    assert current().code == "en"


def test_outside_of_a_conversation_all_is_english() -> None:
    switch("de")
    assert _("today") == "today"


@pytest.mark.parametrize(
    ("code", "days", "ago_said", "far"),
    [
        ("en", ("today 09:00", "yesterday 09:00"), "3 days ago", "Thu 26 Feb 2026 09:00"),
        ("de", ("heute, 09:00", "gestern, 09:00"), "vor 3 Tagen", "Do., 26. Feb. 2026, 09:00"),
    ],
)
def test_days_cannot_be_misread(code: str, days: tuple[str, str], ago_said: str, far: str) -> None:
    times, day_ms = Times("UTC"), 86_400_000
    with conversation(code):
        assert tuple(times.said(START_MS - n * day_ms, START_MS) for n in (0, 1)) == days
        assert times.said(START_MS - 4 * day_ms, START_MS) == far
        assert ago(START_MS - 3 * day_ms, START_MS) == ago_said


def test_a_time_says_its_zone_where_the_clocks_were_changed_since() -> None:
    times, winter_ms = Times("Europe/Berlin"), START_MS
    summer_ms = winter_ms + 150 * 86_400_000
    with conversation("de"):
        assert times.said(summer_ms, winter_ms) == "Do., 30. Juli 2026, 11:00 MESZ"
        assert times.said(winter_ms, winter_ms) == "heute, 10:00"
        assert times.clock(winter_ms) == "10:00:00 MEZ"
    assert times.clock(summer_ms) == "11:00:00 CEST"


def test_figures_are_those_of_the_language() -> None:
    at = datetime(2026, 7, 4, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert (number(12_345), day(date(2026, 12, 4))) == ("12,345", "Fri 4 Dec 2026")
    assert (zone(at), zone(at.astimezone(UTC))) == ("UTC+05:30", "UTC")
    with conversation("de"):
        assert (number(12_345), number(0.5)) == ("12.345", "0,5")
        assert day(date(2026, 12, 4)) == "Fr., 4. Dez. 2026"
