"""The table of checks covers the specification, and each check leads to a place in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from firmware_bridge.conformance.check import Check
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.runner import chosen
from firmware_bridge.conformance.sections import Section
from firmware_bridge.conformance.table import CHECKS
from shared.wire.operations import TABLE

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/protocol.md"
GIVEN_FROM_OUTSIDE = {
    Need.STRANGER,
    Need.BUTTON,
    Need.SHORT_MTU,
    Need.KEYS,
}


def anchors() -> set[str]:
    """What the headings of the specification are called as links."""
    headings = re.findall(r"^##+ (.+)$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in headings}


def test_every_section_is_one_of_the_specification() -> None:
    assert {str(section) for section in Section} - anchors() == set()


@pytest.mark.parametrize("section", Section)
def test_every_section_has_a_check(section: Section) -> None:
    assert [check for check in CHECKS if check.section is section]


def test_every_operation_is_touched() -> None:
    touched = set().union(*(check.touches for check in CHECKS))
    assert set(TABLE) - touched == set()


def test_checks_have_names_and_sentences_of_their_own() -> None:
    names, titles = [c.name for c in CHECKS], [(c.section, c.title) for c in CHECKS]
    assert len(set(names)) == len(names)
    assert len(set(titles)) == len(titles)
    assert [title for _, title in titles if not title.endswith(".")] == []


def test_what_a_check_needs_is_given_by_an_earlier_one() -> None:
    reached, lacking = set(GIVEN_FROM_OUTSIDE), []
    for check in CHECKS:
        lacking += [(check.name, need.name) for need in check.needs - reached]
        reached |= check.gives
    assert lacking == []


def test_a_chosen_section_brings_the_checks_that_lead_to_it() -> None:
    some = chosen(CHECKS, frozenset({Section.LEDGER}))
    given = set().union(*(check.gives for check in some))
    assert {Need.BONDED, Need.OWNED, Need.CLEARED, Need.TREATED} <= given
    assert [check for check in some if check.section is Section.ENCODING] == []
    assert _in_order(some)


def _in_order(some: list[Check]) -> bool:
    names = [check.name for check in CHECKS]
    places = [names.index(check.name) for check in some]
    return places == sorted(places)
