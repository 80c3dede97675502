"""Each process starts with its own keys alone, and refuses to start over a folder with others'."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cloud.dashboard.app import KEYS as DASHBOARD_KEYS
from cloud.errors import SetupError
from cloud.ingest.app import KEYS as INGEST_KEYS
from cloud.ingest.app import PURPOSES as INGEST_PURPOSES
from cloud.keys import KeyRing
from cloud.settings import Settings
from cloud.vault.key_files import FileKeys
from cloud.vault.owners import Purpose
from cloud.worker.tasks import KEYS as WORKER_KEYS
from tests.cloud.vault.conformance import owner
from tests.cloud.worlds import make_identity

EVERYTHING = (
    *("audit", "care", "clearance", "enrolment", "hold", "receipt", "time"),
    *("vault-00", "vault-01"),
)
OWN = {
    "ingest": ("clearance", "enrolment", "receipt", "time"),
    "worker": ("audit", "care", "hold"),
    "dashboard": ("care", "vault-00", "vault-01"),
}
"""Written by hand, and not read from what it judges."""
PURPOSES = {
    "ingest": (Purpose.TRANSIT,),
    "worker": (Purpose.TRANSIT, Purpose.DATA),
    "dashboard": (Purpose.TRANSIT, Purpose.DATA),
}
ASKED = {
    "ingest": (INGEST_KEYS, INGEST_PURPOSES),
    "worker": (WORKER_KEYS, tuple(Purpose)),
    "dashboard": (DASHBOARD_KEYS, tuple(Purpose)),
}
FORBIDDEN = [(p, key) for p, own in OWN.items() for key in EVERYTHING if key not in own]


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    """An identity folder that is no demonstration's, with everybody's keys."""
    made = make_identity(tmp_path / "identity").folder
    about = json.loads((made / "clinic.json").read_text())
    (made / "clinic.json").write_text(json.dumps({**about, "demo": False}))
    for purpose in Purpose:
        FileKeys(made / "vault").make(owner(purpose=purpose.value))
    return made


def handed_out(identity: Path, process: str) -> Path:
    """A folder with this process's keys alone."""
    folder = identity.parent / process
    (folder / "keys").mkdir(parents=True)
    shutil.copy(identity / "clinic.json", folder)
    for name in OWN[process]:
        shutil.copy(identity / "keys" / f"{name}.key", folder / "keys")
    for purpose in PURPOSES[process]:
        shutil.copytree(identity / "vault" / purpose, folder / "vault" / purpose)
    return folder


def start(process: str, folder: Path, **more: str) -> tuple[str, str]:
    """Start the real process; return its first line and what it says on stderr."""
    own = {name: v for name, v in os.environ.items() if not name.startswith("CIRCLET")}
    about = {
        "CIRCLET_CLOUD_DATA": str(folder.parent / "data"),
        "CIRCLET_CLOUD_IDENTITY": str(folder),
        **more,
    }
    port = [] if process == "worker" else ["--port", "0"]
    started = subprocess.Popen(
        [sys.executable, "-m", "cloud.cli", process, *port],
        env={**own, **about},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    first = started.stdout.readline()
    started.terminate()
    return first, started.communicate(timeout=30)[1]


@pytest.mark.parametrize(
    "process",
    [each if each == "ingest" else pytest.param(each, marks=pytest.mark.long) for each in OWN],
)
def test_a_process_starts_with_its_own_keys_alone_and_with_no_others(
    identity: Path, process: str
) -> None:
    folder = handed_out(identity, process)
    assert start(process, folder)[0].startswith("ready ")
    foreign = next(key for key in EVERYTHING if key not in OWN[process])
    shutil.copy(identity / "keys" / f"{foreign}.key", folder / "keys")
    first, said = start(process, folder)
    assert first == ""
    assert f"{foreign}.key: this process must not read that key" in said
    assert start(process, folder, CIRCLET_CLOUD_ONE_FOLDER="1")[0].startswith("ready ")


@pytest.mark.parametrize(("process", "key"), FORBIDDEN)
def test_every_key_of_another_is_refused(identity: Path, process: str, key: str) -> None:
    folder = handed_out(identity, process)
    KeyRing.of_process(Settings(identity=folder), *ASKED[process])
    shutil.copy(identity / "keys" / f"{key}.key", folder / "keys")
    with pytest.raises(SetupError, match=f"{key}.key: this process must not"):
        KeyRing.of_process(Settings(identity=folder), *ASKED[process])


def test_ingest_refuses_the_folder_of_data_keys(identity: Path) -> None:
    folder = handed_out(identity, "ingest")
    shutil.copytree(identity / "vault" / "data", folder / "vault" / "data")
    with pytest.raises(SetupError, match="vault/data: this process must not"):
        KeyRing.of_process(Settings(identity=folder), *ASKED["ingest"])


@pytest.mark.parametrize("process", OWN)
def test_a_key_of_its_own_that_is_not_there_is_named(identity: Path, process: str) -> None:
    folder = handed_out(identity, process)
    missing = OWN[process][0]
    (folder / "keys" / f"{missing}.key").unlink()
    with pytest.raises(SetupError, match=f"{missing}.key"):
        KeyRing.of_process(Settings(identity=folder), *ASKED[process])


def test_a_group_that_may_read_one_purpose_reads_what_is_made_in_it(tmp_path: Path) -> None:
    shared = tmp_path / "transit"
    shared.mkdir()
    shared.chmod(0o2750)
    port = FileKeys(tmp_path)
    port.make(owner(purpose="transit"))
    port.make(owner())
    for path in tmp_path.rglob("*"):
        group = path.stat().st_mode & 0o070
        if path.name.startswith("lock"):
            continue
        if "data" in path.parts:
            assert not group, path
        else:
            assert group == (0o050 if path.is_dir() else 0o040), path
        assert not path.stat().st_mode & 0o007 or path.parent == tmp_path
