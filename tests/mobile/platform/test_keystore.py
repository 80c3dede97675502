"""The keystore: the keyring where there is one, a file that says what it is where there isn't."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from mobile.language import use
from mobile.platform import (
    FileKeyStore,
    KeyName,
    KeyStoreBroken,
    create_signer,
    open_keystore,
    signer,
)
from mobile.platform.keyring_store import KeyringKeyStore


class MemoryKeyring(KeyringBackend):
    """A keyring in memory."""

    priority = -1  # never this machine's own choice: tests name it

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("no such entry")


def no_keyring() -> KeyringBackend:
    make: Callable[[], KeyringBackend] = NoKeyring
    return make()


def test_keyring_is_chosen_where_it_answers(tmp_path: Path) -> None:
    keys = open_keystore(tmp_path, MemoryKeyring())

    assert isinstance(keys, KeyringKeyStore)
    assert not list(tmp_path.iterdir())


def test_file_is_chosen_without_a_keyring_and_says_what_it_is(tmp_path: Path) -> None:
    keys = open_keystore(tmp_path, no_keyring())

    assert isinstance(keys, FileKeyStore)
    assert "no keyring" in keys.sentence
    assert "Whoever copies the whole folder can read the data." in keys.sentence


def test_where_the_keys_are_is_said_in_the_language_spoken(tmp_path: Path) -> None:
    kept, filed = open_keystore(tmp_path, MemoryKeyring()), open_keystore(tmp_path, no_keyring())
    use("de")
    try:
        assert "Schlüsselbund dieses Systems" in kept.sentence
        assert "keinen Schlüsselbund" in filed.sentence
    finally:
        use("en")


def test_choice_stays_with_the_file_once_keys_are_in_it(tmp_path: Path) -> None:
    open_keystore(tmp_path, no_keyring()).write(KeyName.WRAPPING, b"secret")

    later = open_keystore(tmp_path, MemoryKeyring())

    assert later.read(KeyName.WRAPPING) == b"secret"


def test_key_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    FileKeyStore(tmp_path).write(KeyName.APP, b"secret")

    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_damaged_key_file_is_an_error_and_not_an_empty_store(tmp_path: Path) -> None:
    FileKeyStore(tmp_path).write(KeyName.APP, b"secret")
    (path,) = tmp_path.iterdir()
    path.write_text("{")

    with pytest.raises(KeyStoreBroken, match=r"keys\.json"):
        FileKeyStore(tmp_path).read(KeyName.APP)


@pytest.mark.parametrize("backend", [MemoryKeyring(), no_keyring()])
def test_signing_key_is_the_same_after_a_restart(tmp_path: Path, backend: KeyringBackend) -> None:
    made = create_signer(open_keystore(tmp_path, backend), KeyName.APP)

    found = signer(open_keystore(tmp_path, backend), KeyName.APP)

    assert found is not None
    assert found.public_key == made.public_key


def test_two_data_folders_do_not_share_keys(tmp_path: Path) -> None:
    backend = MemoryKeyring()
    open_keystore(tmp_path / "a", backend).write(KeyName.APP, b"secret")

    assert open_keystore(tmp_path / "b", backend).read(KeyName.APP) is None


def test_erased_key_is_gone_and_erasing_again_is_no_error(tmp_path: Path) -> None:
    for keys in (open_keystore(tmp_path, MemoryKeyring()), FileKeyStore(tmp_path)):
        keys.write(KeyName.APP, b"secret")
        keys.erase(KeyName.APP)
        keys.erase(KeyName.APP)
        assert keys.read(KeyName.APP) is None
