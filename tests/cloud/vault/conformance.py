"""What every key port must do: a module of tests over one gives a fixture ``port`` and imports
these."""

import secrets
from collections.abc import Callable

import pytest

from cloud.vault.errors import KeyDestroyed, KeyMissing
from cloud.vault.owners import Owner, Purpose
from cloud.vault.port import KEY_BYTES, KeyPort

CLINIC = "demo"
Reopen = Callable[[], KeyPort]


def owner(patient_id: bytes | None = None, **changes: str) -> Owner:
    """Somebody new, unless an id is given."""
    about = {"clinic_id": CLINIC, "purpose": "data"} | changes
    return Owner(
        about["clinic_id"], patient_id or secrets.token_bytes(16), Purpose(about["purpose"])
    )


def test_a_key_is_made_once_and_opens_in_every_process(port: KeyPort, reopen: Reopen) -> None:
    maria = owner()
    key = port.make(maria)
    assert len(key) == KEY_BYTES
    assert port.make(maria) == port.open(maria) == reopen().open(maria) == key


def test_patients_clinics_and_purposes_have_keys_of_their_own(port: KeyPort) -> None:
    maria = owner()
    others = [
        owner(),
        owner(maria.patient_id, clinic_id="other"),
        owner(maria.patient_id, purpose="transit"),
    ]
    assert len({port.make(each) for each in (maria, *others)}) == 4


def test_a_key_that_was_never_made_is_missing(port: KeyPort) -> None:
    port.make(owner())
    with pytest.raises(KeyMissing):
        port.open(owner())


def test_a_destroyed_key_is_gone_for_good_and_in_every_process(
    port: KeyPort, reopen: Reopen
) -> None:
    maria, other = owner(), owner()
    elsewhere = reopen()
    port.make(maria)
    kept = port.make(other)
    elsewhere.open(maria)
    for _ in range(2):
        port.destroy(maria)
        for each in (port, elsewhere, reopen()):
            with pytest.raises(KeyDestroyed):
                each.open(maria)
            with pytest.raises(KeyDestroyed):
                each.make(maria)
    assert elsewhere.open(other) == kept


def test_who_never_had_a_key_can_be_erased_too(port: KeyPort) -> None:
    maria = owner()
    port.destroy(maria)
    with pytest.raises(KeyDestroyed):
        port.make(maria)


def test_a_rotation_leaves_keys_as_they_are_and_erased_ones_gone(
    port: KeyPort, reopen: Reopen
) -> None:
    maria, other, erased = owner(), owner(clinic_id="other"), owner()
    elsewhere = reopen()
    keys = {each: port.make(each) for each in (maria, other, erased)}
    assert elsewhere.open(maria) == keys[maria]
    port.destroy(erased)
    assert port.rotate(CLINIC, Purpose.DATA) == 1
    for each in (port, elsewhere, reopen()):
        assert each.open(maria) == keys[maria]
        assert each.open(other) == keys[other]
        with pytest.raises(KeyDestroyed):
            each.open(erased)
    assert port.rotate("nobody", Purpose.DATA) == 0
