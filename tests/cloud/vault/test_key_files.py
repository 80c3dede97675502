"""The port over files: what lies in the folder, and what damage to it comes to."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cloud.errors import SetupError
from cloud.settings import Settings
from cloud.vault.errors import Damaged, KeyDestroyed, KeyFolderError, KeyMissing, KeyNotHeld
from cloud.vault.key_files import FileKeys
from cloud.vault.opening import command_vault
from cloud.vault.owners import Owner, Purpose
from tests.cloud.vault.conformance import *  # noqa: F403
from tests.cloud.vault.conformance import CLINIC, owner


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def port(folder: Path) -> FileKeys:
    return FileKeys(folder)


@pytest.fixture
def reopen(folder: Path) -> Callable[[], FileKeys]:
    return lambda: FileKeys(folder)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def wrapped_file(folder: Path, whose: Owner) -> Path:
    (found,) = folder.rglob(f"{whose.purpose}/**/{whose.patient_id.hex()}.wrapped")
    return found


def test_no_key_of_a_patient_lies_there_unwrapped(port: FileKeys, folder: Path) -> None:
    key = port.make(owner())
    assert not [path for path in files(folder) if key in path.read_bytes()]


def test_only_its_user_reads_the_folder(port: FileKeys, folder: Path) -> None:
    port.make(owner())
    for path in folder.rglob("*"):
        private = path.stat().st_mode & 0o077 == 0
        assert private or path in (folder, folder / "data", folder / "data" / CLINIC), path


def test_a_wrapped_key_opens_under_no_other_name(port: FileKeys, folder: Path) -> None:
    maria, other = owner(), owner()
    port.make(maria)
    port.make(other)
    wrapped_file(folder, other).write_bytes(wrapped_file(folder, maria).read_bytes())
    with pytest.raises(Damaged):
        FileKeys(folder).open(other)


@pytest.mark.parametrize("place", [0, 4, 20, -1])
def test_a_changed_byte_opens_nothing(port: FileKeys, folder: Path, place: int) -> None:
    maria = owner()
    port.make(maria)
    path = wrapped_file(folder, maria)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises((Damaged, KeyMissing)):
        port.open(maria)
    with pytest.raises((Damaged, KeyMissing)):
        port.make(maria)
    assert path.read_bytes() == data


def test_a_lost_wrapping_key_is_not_made_anew(port: FileKeys, folder: Path) -> None:
    port.make(owner())
    for path in (*folder.rglob("*.key"), *folder.rglob("current")):
        path.unlink()
    with pytest.raises(KeyMissing):
        FileKeys(folder).make(owner())


def test_a_killed_erasure_is_an_erasure(port: FileKeys, folder: Path) -> None:
    maria = owner()
    port.make(maria)
    path = wrapped_file(folder, maria)
    path.with_suffix(".destroyed").touch()
    assert path.exists()
    with pytest.raises(KeyDestroyed):
        port.open(maria)
    port.rotate(CLINIC, Purpose.DATA)
    assert not path.exists()


def test_what_a_killed_writing_left_is_destroyed_too(port: FileKeys, folder: Path) -> None:
    maria, other = owner(), owner()
    for each in (maria, other):
        port.make(each)
        path = wrapped_file(folder, each)
        path.with_name(f"{path.name}.01020304.part").write_bytes(path.read_bytes())
    port.destroy(maria)
    left = [each.name.partition(".")[0] for each in folder.rglob("*.part")]
    assert left == [other.patient_id.hex()]


def test_what_was_destroyed_is_written_over(port: FileKeys, folder: Path, tmp_path: Path) -> None:
    maria = owner()
    port.make(maria)
    path = wrapped_file(folder, maria)
    before = path.read_bytes()
    os.link(path, tmp_path / "same")
    port.destroy(maria)
    assert (tmp_path / "same").read_bytes() != before


def test_a_process_uses_no_purpose_that_is_not_its_own(port: FileKeys, folder: Path) -> None:
    maria = owner()
    port.make(maria)
    ingest = FileKeys(folder, (Purpose.TRANSIT,))
    for method in (ingest.make, ingest.open, ingest.destroy):
        with pytest.raises(KeyNotHeld):
            method(maria)
    with pytest.raises(KeyNotHeld):
        ingest.rotate(CLINIC, Purpose.DATA)


def test_two_who_make_the_same_key_get_the_same(folder: Path) -> None:
    whose = [owner() for _ in range(20)]
    made: list[list[bytes]] = [[], [], []]

    def make(into: list[bytes]) -> None:
        into.extend(FileKeys(folder).make(each) for each in whose)

    threads = [threading.Thread(target=make, args=(each,)) for each in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made[0] == made[1] == made[2]
    assert len(made[0]) == len(whose)


def test_no_folder_is_given_the_group_bit_where_it_is_inherited(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hardened unit may not set it (RestrictSUIDSGID): chmod fails with "not permitted" there."""
    (folder / "data").mkdir(parents=True)
    (folder / "data").chmod(0o2750)

    def refuse(path: Path, mode: int) -> None:
        if mode & 0o6000:
            raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(Path, "chmod", refuse)
    before = os.umask(0o007)
    try:
        FileKeys(folder).make(owner())
    finally:
        os.umask(before)
    made = [each for each in (folder / "data").rglob("*") if each.is_dir()]
    assert made
    assert {each.stat().st_mode & 0o7777 for each in made} == {0o2750}


def test_what_the_system_refuses_is_said_as_a_vault_error(folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("no folder")
    for method in (FileKeys(folder).make, FileKeys(folder).open, FileKeys(folder).destroy):
        with pytest.raises(KeyFolderError, match="directory"):
            method(owner())


def test_a_command_of_another_user_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data").mkdir(parents=True)
    command_vault(Settings(vault=folder))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(SetupError, match="run this command as the user who owns"):
        command_vault(Settings(vault=folder))
