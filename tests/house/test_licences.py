"""All that a release stands on has a licence that somebody accepted, and the page says so."""

from dataclasses import replace

import pytest

from scripts.supply import licences
from scripts.supply.licence_page import DOCUMENT, filled
from scripts.supply.licences import (
    Part,
    UnacceptedLicence,
    UnknownLicence,
    demand_accepted,
    every_part,
    licence_of,
    lists,
)
from scripts.supply.shipping import needed_by, shipped


@pytest.fixture(scope="module")
def parts() -> list[Part]:
    return every_part()


def test_every_part_has_an_accepted_licence(parts: list[Part]) -> None:
    assert len(parts) > 200
    for part in parts:
        demand_accepted(part)


def test_the_page_is_as_the_environment_is() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert document == filled(document), "run: make licences"


def test_every_line_of_the_list_is_of_some_part(parts: list[Part]) -> None:
    names = {part.name for part in parts}
    for listed in ("read", "recalled", "inside", "android"):
        assert set(lists()[listed]) - names == set(), listed


def test_what_runs_in_the_clinic_and_on_the_phone_ships() -> None:
    assert {"cryptography", "psycopg", "kivy", "bumble", "anyio", "libusb1"} <= shipped().keys()
    assert {"pytest", "mypy", "cyclonedx-python-lib"} & shipped().keys() == set()


def test_an_extra_of_a_need_is_followed() -> None:
    assert "psycopg-binary" not in needed_by(["psycopg"])
    assert "psycopg-binary" in needed_by(["psycopg[binary]"])


@pytest.mark.parametrize(
    ("licence", "accepted"),
    [
        ("MIT", True),
        ("GPL-3.0-or-later OR MIT", True),
        ("MIT AND (GPL-2.0-only OR BSD-3-Clause)", True),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND AGPL-3.0-only", False),
        ("GPL-2.0-only OR AGPL-3.0-only", False),
    ],
)
def test_each_way_of_an_expression_is_judged(licence: str, accepted: bool) -> None:
    part = Part("some", "1", licence, "a test", True)
    if accepted:
        demand_accepted(part)
        return
    with pytest.raises(UnacceptedLicence, match="some: "):
        demand_accepted(part)


def test_an_unknown_licence_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert licence_of("jinja2") == ("BSD-3-Clause", "read in its licence file")
    without = lists() | {"read": {}}
    monkeypatch.setattr(licences, "lists", lambda: without)
    with pytest.raises(UnknownLicence, match="jinja2"):
        licence_of("jinja2")


def test_a_new_library_inside_a_package_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    without = lists() | {"inside": {}}
    monkeypatch.setattr(licences, "lists", lambda: without)
    with pytest.raises(UnknownLicence, match=r"\[inside\]"):
        licences.inside_wheels()


def test_a_part_says_what_is_wrong_with_it(parts: list[Part]) -> None:
    with pytest.raises(UnacceptedLicence, match=f"{parts[0].name}: Proprietary"):
        demand_accepted(replace(parts[0], licence="Proprietary"))
