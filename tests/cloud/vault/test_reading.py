"""A reading transaction asks for each key once; afterwards who was erased is gone at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloud.vault.errors import KeyDestroyed
from cloud.vault.key_files import FileKeys
from cloud.vault.owners import Owner
from cloud.vault.vault import Place, Reading, Vault
from tests.cloud.vault.conformance import CLINIC, owner

VALUES = 10


class CountedKeys(FileKeys):
    """Keys in files, counting how often one is asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked = 0

    def open(self, owner: Owner) -> bytes:
        self.asked += 1
        return super().open(owner)


@pytest.fixture
def keys(tmp_path: Path) -> CountedKeys:
    return CountedKeys(tmp_path / "vault")


def sealed_values(keys: FileKeys, maria: Owner) -> dict[Place, bytes]:
    vault = Vault(keys)
    vault.admit(CLINIC, maria.patient_id)
    places = [Place(maria, "scores", (CLINIC, each), "sealed_score") for each in range(VALUES)]
    return {place: vault.seal(place, b"12") for place in places}


def test_each_key_is_asked_for_once(keys: CountedKeys) -> None:
    maria, other = owner(), owner()
    values = sealed_values(keys, maria) | sealed_values(keys, other)
    keys.asked = 0
    reading = Reading(keys)
    assert {reading.open(place, sealed) for place, sealed in values.items()} == {b"12"}
    assert keys.asked == 2


def test_no_key_outlives_its_transaction(keys: CountedKeys) -> None:
    maria = owner()
    (place, sealed), *_others = sealed_values(keys, maria).items()
    reading = Reading(keys)
    assert reading.open(place, sealed) == b"12"
    keys.destroy(maria)
    reading.end()
    with pytest.raises(KeyDestroyed):
        reading.open(place, sealed)


def test_the_place_binds_a_value_in_a_reading_too(keys: CountedKeys) -> None:
    values = sealed_values(keys, owner())
    (first, sealed), (second, _), *_others = values.items()
    reading = Reading(keys)
    assert reading.open(first, sealed) == b"12"
    with pytest.raises(Exception, match="does not open in its place"):
        reading.open(second, sealed)
