"""Whose a transaction is: clinics' ids have one form, and nothing else names a clinic."""

from pathlib import Path

import pytest

from cloud.errors import SetupError
from cloud.people.tokens import split
from cloud.phones.codes import read_code
from shared.trust.clinic_ids import is_clinic_id
from tests.cloud.worlds import World, add_clinic, make_identity

NO_IDS = ("", "Demo", "two_words", "a" * 33, "*", "it's", "café", "demo\n", "x'; --")


@pytest.mark.parametrize("text", NO_IDS)
def test_what_has_not_the_form_names_no_clinic(world: World, text: str) -> None:
    assert not is_clinic_id(text)
    assert split(f"{text}.secret") is None
    assert read_code(f"{text}-0123-4567-89AB") is None
    with pytest.raises(ValueError, match="no clinic has the id"), world.database.read(text):
        pass
    with pytest.raises(ValueError, match="no clinic has the id"), world.database.write(text):
        pass


def test_a_clinic_is_not_made_with_such_an_id(world: World, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="a-z"):
        add_clinic(world, make_identity(tmp_path / "other", "It's"))


def test_all_clinics_are_told_in_order(world: World, tmp_path: Path) -> None:
    for clinic_id in ("other", "a-first-one"):
        add_clinic(world, make_identity(tmp_path / clinic_id, clinic_id))
    assert world.database.all_clinics() == ("a-first-one", "demo", "other")
