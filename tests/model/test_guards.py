"""Guards, models and the document speak of the same things, without SPIN being there."""

from __future__ import annotations

import re

import pytest

from tests.model.document import DOCUMENT, filled, rows_of
from tests.model.findings import Finding, Kind
from tests.model.guards import FOLDER, guards, guards_in, models, witnesses_in

RULE = re.compile(r"R([1-9]|[12]\d|3[01])")


def test_every_model_file_has_guards_that_are_listed() -> None:
    assert sorted(models()) == sorted(path.stem for path in FOLDER.glob("*.pml"))


@pytest.mark.parametrize("model", models())
def test_a_model_uses_the_guards_that_are_listed_for_it(model: str) -> None:
    assert guards_in(model) == {guard.name for guard in guards() if guard.model == model}


@pytest.mark.parametrize("model", models())
def test_a_model_has_a_good_end(model: str) -> None:
    assert witnesses_in(model)


def test_every_guard_names_its_rules_and_says_what_it_is() -> None:
    assert len(guards()) >= 80
    for guard in guards():
        assert guard.rules, guard.name
        assert all(RULE.fullmatch(rule) for rule in guard.rules), guard.name
        assert guard.says.strip(" .") == guard.says, guard.name


def test_the_document_has_every_guard_with_its_rules_and_a_counterexample() -> None:
    rows = rows_of("guards", DOCUMENT.read_text("utf-8"))
    written = [(row[0].strip("`"), row[1], row[2], row[3], row[-1]) for row in rows]
    assert written == [
        (guard.name, ", ".join(guard.rules), guard.model, guard.says, "found") for guard in guards()
    ]


def test_the_document_has_every_model_and_every_good_end() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert [row[0].strip("`") for row in rows_of("models", document)] == models()
    ends = [(row[0], row[1].strip("`")) for row in rows_of("good-ends", document)]
    assert ends == [(model, name) for model in models() for name in witnesses_in(model)]


def test_a_table_without_its_place_in_the_document_is_an_error() -> None:
    found = Finding(Kind.MODEL, "pulses", "pulses", True, "holds")
    with pytest.raises(LookupError, match="models"):
        filled("no marks here", [found])
