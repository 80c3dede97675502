"""The settings: what is typed becomes the phones' card; each mistake names field and limit."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cloud.care import cards
from cloud.care.asked import asked_card
from cloud.care.card_file import read_card
from cloud.clinic_settings.form import (
    CLINIC_NAME_MAX,
    EVERY_DAYS_MAX,
    LINES_MAX,
    MEDICINES_MAX,
    NAME_MAX,
    Typed,
    read,
    typed_of,
)
from cloud.dashboard.app import create_app
from cloud.people.authority import Role
from shared.care.card import ClinicCard, CrisisLine, Prescribed
from shared.wire.items import DownKind
from tests.cloud.authority.people import Visitor, answered, visitor
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

PATH = "/clinic/settings"
CARD = (Path(__file__).parents[2] / "journey/clinic-card.toml").read_text("utf-8")


@pytest.fixture
def pages(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as client:
        yield client


@pytest.fixture
def chief(world: World, pages: TestClient) -> Visitor:
    who = visitor(world, "Chief", Role.ADMINISTRATOR)
    pages.cookies.set("circlet", who.cookie)
    return who


def send(world: World, pages: TestClient, who: Visitor, **changed: str) -> tuple[int, str]:
    """Send the form as the page shows it, with something changed."""
    page = pages.get(PATH).text
    base = page.partition('name="base" value="')[2].partition('"')[0]
    form = {**typed_of(read_card(CARD)).text, "base": base, **changed}
    answered(world, who, "keep-card", PATH, form)
    answer = pages.post(PATH, data={"form_token": who.form_token, **form})
    return answer.status_code, " ".join(answer.text.split())


def test_a_card_as_a_form_is_the_same_card() -> None:
    card = read_card(CARD)
    assert read(typed_of(card), lessons_serial=card.lessons_serial) == (card, ())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("clinic_name", "x" * (CLINIC_NAME_MAX + 1), "1 to 128 characters"),
        ("day_number", "call us", "2 to 15 digits"),
        ("emergency_number", "", "2 to 15 digits"),
        ("monday", "8:00-7:00", "from 0:00 to 24:00"),
        ("crisis_lines", "\n".join(["Line: 112"] * 9), "At most 8 lines"),
        ("crisis_lines", "Nobody", "Name: number"),
        ("safety_plan", "x" * 201, "at most 200 characters"),
        ("closed_days", "25.12.2026", "2026-12-25"),
        ("harmless", "x" * (NAME_MAX + 1), "at most 80 characters"),
        ("holding", "Paracetamol", "Paracetamol stands twice"),
        ("holding", "\n".join(map(str, range(MEDICINES_MAX))), "At most 200 medicines"),
        ("instruments", f"phq-9: {EVERY_DAYS_MAX + 1}", "1 to 90 days"),
        ("instruments", "iq: 7", "a known check-in"),
        ("ready_sentences", f"a: {'x' * 121}", "1 to 120 characters"),
    ],
)
def test_each_mistake_names_its_field_and_the_limit(name: str, text: str, said: str) -> None:
    typed = Typed({**typed_of(read_card(CARD)).text, name: text})
    card, faults = read(typed, lessons_serial=0)
    assert card is None
    assert [each.name for each in faults] == [name]
    assert said in faults[0].words


def most(kind: type, name: str) -> int:
    """The field's own limit, as the wire has it."""
    found = next(each for each in dataclasses.fields(kind) if each.name == name)
    (limits,) = found.metadata.values()
    return int(limits.maximum)


def test_limits_are_those_of_the_card() -> None:
    lists = {name: most(ClinicCard, name) for name in LINES_MAX}
    assert lists == LINES_MAX
    assert most(ClinicCard, "medicines") == MEDICINES_MAX
    assert most(ClinicCard, "clinic_name") == CLINIC_NAME_MAX
    assert most(CrisisLine, "name") == NAME_MAX
    assert most(Prescribed, "every_days") == EVERY_DAYS_MAX


def test_what_is_saved_is_signed_and_reaches_the_phone_at_its_next_call(
    world: World, pages: TestClient, chief: Visitor, phone: Phone
) -> None:
    assert "The phones have no card of this clinic." in pages.get(PATH).text
    status, _ = send(world, pages, chief, emergency_number="911")
    assert status == 303
    assert "Saved, not on the phones yet." in pages.get(PATH).text
    waiting = phone.get("/v1/sync?cursor=0").json()["items"]
    assert [each["kind"] for each in waiting].count(DownKind.CLINIC_CARD.value) == 1
    with world.database.read("demo") as session:
        found = cards.newest(session, "demo")
        assert found is not None
        assert (found.serial, found.emergency_number) == (1, "911")
        assert asked_card(session, "demo") is None
    assert "In force: card 1 of today 09:00, on 0 of 1 phones." in pages.get(PATH).text
    phone.get(f"/v1/sync?cursor={waiting[-1]['cursor']}")
    assert "on 1 of 1 phones" in pages.get(PATH).text
    status, page = send(world, pages, chief, emergency_number="x")
    assert status == 422
    assert 'href="#emergency_number"' in page


def test_of_two_who_save_the_second_sees_the_first(
    world: World, pages: TestClient, chief: Visitor
) -> None:
    assert send(world, pages, chief, base="0/0")[0] == 303
    status, page = send(world, pages, chief, base="0/0", emergency_number="911")
    assert status == 422
    assert "Somebody else saved meanwhile." in page
