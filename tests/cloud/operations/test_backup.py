"""A backup of a live database opens by its key alone, and comes back whole into an empty one."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from cloud.audit.service import in_order, record
from cloud.db import Database
from cloud.errors import SetupError
from cloud.ledger import stretches
from cloud.ledger.models import LedgerChain
from cloud.migrations.run import migrate
from cloud.operations import backup, verifying
from cloud.operations.sealed_file import PIECE_BYTES, Unreadable
from cloud.patients.models import Patient
from cloud.vault.opening import open_vault
from shared.trust.keys import SoftwareKey
from tests.cloud.cluster import Cluster
from tests.cloud.conftest import DATABASES
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import send, treating
from tests.cloud.worlds import Band, World

KEY = SoftwareKey.generate()
OTHER = 65534
"""A user, and a group, that own nothing."""


@pytest.fixture(params=DATABASES)
def world(request: pytest.FixtureRequest) -> World:
    name = "world_on_sqlite" if request.param == "sqlite" else "postgresql_world"
    made: World = request.getfixturevalue(name)
    return made


@pytest.fixture
def world_on_sqlite(tmp_path: Path) -> Iterator[World]:
    from tests.cloud.worlds import make_world

    made = make_world(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def emptied(request: pytest.FixtureRequest, world: World, tmp_path: Path) -> Iterator[str]:
    """Another, empty database of the same kind, as its owner comes to it."""
    if world.database.engine.dialect.name == "sqlite":
        yield f"sqlite+pysqlite:///{tmp_path / 'restored.sqlite'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    urls = cluster.empty()
    yield urls.owner
    cluster.drop(urls)


def backup_url(world: World) -> str:
    """The database as the one who backs it up comes to it: by a role that sees every row."""
    return re.sub("//circlet_app@", "//postgres@", world.settings.url)


def app_url(url: str) -> str:
    return url.replace("//circlet_owner@", "//circlet_app@")


def patients_read(world: World, count: int) -> None:
    for number in range(count):
        with world.database.write("demo") as session:
            subject = f"patient/{number:032x}"
            record(session, "demo", actor="staff/00", action="read", subject=subject, now_ms=1)


def test_backup_under_load_comes_back_whole(
    world: World, phone: Phone, emptied: str, tmp_path: Path
) -> None:
    """Whatever was acknowledged before the backup began is in it; nothing in it is torn."""
    band = Band(world.identity, phone.bytes_of("patient_id"))
    band.session()
    phone.items([*band.record_items(), band.head_item()])
    patients_read(world, 30)
    stop = threading.Event()

    def load() -> None:
        while not stop.is_set():
            patients_read(world, 1)

    loading = threading.Thread(target=load)
    loading.start()
    try:
        backup.back_up(backup_url(world), tmp_path / "b", KEY.public_key)
    finally:
        stop.set()
        loading.join()
    backup.restore(emptied, tmp_path / "b", KEY)
    restored = Database(app_url(emptied), open_vault(world.settings))
    assert list(verifying.wrongs(restored)) == []
    assert verifying.counts(restored) == (1, 0, 1)
    with restored.read("demo") as session, world.database.read("demo") as own:
        came = [event.hash for event in in_order(session, "demo")]
        there = [event.hash for event in in_order(own, "demo")]
        assert 30 <= len(came) <= len(there)
        assert came == there[: len(came)]
        name = (band.identity.clinic_id, band.device_id, band.epoch)
        chain = session.get_one(LedgerChain, name)
        assert [each.data for each in stretches.records(session, chain)] == band.data
    with restored.write("demo") as session:
        record(session, "demo", actor="staff/00", action="read", subject="audit", now_ms=1)
    restored.close()


def test_backup_of_before_patients_had_keys_comes_back_sealed(
    world: World, phone: Phone, emptied: str, tmp_path: Path
) -> None:
    vault = open_vault(world.settings)
    owner_url = world.settings.url.replace("//circlet_app@", "//circlet_owner@")
    world.database.close()
    migrate(owner_url, "0071", vault)
    backup.back_up(backup_url(world), tmp_path / "b", KEY.public_key)
    backup.restore(emptied, tmp_path / "b", KEY, vault)
    restored = Database(app_url(emptied), vault)
    with restored.read("demo") as session:
        found = session.get_one(Patient, ("demo", phone.bytes_of("patient_id")))
        assert found.name == "Maria Sample"
        assert b"Maria" not in found.sealed_name
    restored.close()


def test_nothing_of_the_database_is_readable_in_the_backup(
    world: World, phone: Phone, tmp_path: Path
) -> None:
    backup.back_up(backup_url(world), tmp_path / "b", KEY.public_key)
    sealed = (tmp_path / "b").read_bytes()
    for word in (b"Maria", b"Sample", b"patients", b"SQLite", phone.bytes_of("patient_id")):
        assert word not in sealed
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir() if "part" in each.name] == []


def test_restore_refuses_a_database_that_is_not_empty(
    world: World, emptied: str, tmp_path: Path
) -> None:
    backup.back_up(backup_url(world), tmp_path / "b", KEY.public_key)
    migrate(emptied)
    with pytest.raises(SetupError, match="not empty"):
        backup.restore(emptied, tmp_path / "b", KEY)


def changed(data: bytes) -> bytes:
    return data[:-100] + bytes([data[-100] ^ 1]) + data[-99:]


def cut_off(data: bytes) -> bytes:
    return data[: len(data) - 17]


def cut_between_pieces(data: bytes) -> bytes:
    at = len(data) % (PIECE_BYTES + 16)
    return data[: -at or None]


def without_beginning(data: bytes) -> bytes:
    return data[1:]


def empty(_data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [changed, cut_off, without_beginning, empty])
def test_damaged_backup_puts_nothing_in(
    world_on_sqlite: World, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    backup.back_up(world_on_sqlite.settings.url, tmp_path / "b", KEY.public_key)
    (tmp_path / "b").write_bytes(damage((tmp_path / "b").read_bytes()))
    place = tmp_path / "restored.sqlite"
    with pytest.raises(Unreadable):
        backup.restore(f"sqlite+pysqlite:///{place}", tmp_path / "b", KEY)
    assert not place.exists() or place.stat().st_size == 0
    with pytest.raises(Unreadable):
        backup.restore(f"sqlite+pysqlite:///{place}", tmp_path / "b", SoftwareKey.generate())


def test_piece_left_out_or_cut_off_at_its_edge_is_seen(tmp_path: Path) -> None:
    from cloud.operations.sealed_file import SealedWriter, read_sealed

    with (tmp_path / "s").open("wb") as file:
        writer = SealedWriter(file, KEY.public_key)
        writer.write(b"x" * (3 * PIECE_BYTES))
        writer.close()
    whole = (tmp_path / "s").read_bytes()
    sealed, edge = PIECE_BYTES + 16, len(whole) - 3 * (PIECE_BYTES + 16)
    pieces = [whole[edge + at * sealed : edge + (at + 1) * sealed] for at in range(3)]
    for kept in ([0, 1], [0, 2], [1, 0, 2], [0, 1, 2, 2]):
        (tmp_path / "t").write_bytes(whole[:edge] + b"".join(pieces[at] for at in kept))
        with (tmp_path / "t").open("rb") as file, pytest.raises(Unreadable):
            list(read_sealed(file, KEY))
    with (tmp_path / "s").open("rb") as file:
        assert sum(map(len, read_sealed(file, KEY))) == 3 * PIECE_BYTES


def test_backup_of_many_pages_ends_while_others_commit(
    world_on_sqlite: World, tmp_path: Path
) -> None:
    """SQLite's copy in several goes begins anew whenever somebody has committed between two."""
    url = world_on_sqlite.settings.url
    own = tmp_path / "cloud.sqlite"
    with closing(sqlite3.connect(own)) as filling:
        filling.execute("CREATE TABLE filler (data BLOB)")
        filling.execute("INSERT INTO filler VALUES (zeroblob(?))", (6_000 * 4096,))
        filling.commit()
        assert filling.execute("PRAGMA page_count").fetchone()[0] > 6_000
    done = threading.Event()

    def back_up() -> None:
        backup.back_up(url, tmp_path / "b", KEY.public_key)
        done.set()

    threading.Thread(target=back_up, daemon=True).start()
    commits = 0
    while not done.is_set() and commits < 1_500:
        patients_read(world_on_sqlite, 1)
        commits += 1
    assert done.is_set(), f"{commits} commits later the backup has not ended"
    restored = f"sqlite+pysqlite:///{tmp_path / 'restored.sqlite'}"
    backup.restore(restored, tmp_path / "b", KEY)


def test_failed_backup_leaves_nothing(world_on_sqlite: World, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "b"
    with pytest.raises(SetupError, match="No such file"):
        backup.back_up(world_on_sqlite.settings.url, out, KEY.public_key)
    (tmp_path / "b").write_text("here already")
    with pytest.raises(SetupError, match="is there already"):
        backup.back_up(world_on_sqlite.settings.url, tmp_path / "b", KEY.public_key)


WRONGS = [
    ("DELETE FROM audited_patients WHERE number = 2", "event 2 is found under other patients"),
    ("UPDATE audited_patients SET patient_id = x'00' WHERE number = 2",
     "event 2 is found under other patients"),
    ("UPDATE audit_events SET actor = 'staff/11' WHERE number = 2", "breaks at event 2"),
    ("DELETE FROM audited_patients WHERE number = 2; DELETE FROM audit_events WHERE number = 2",
     "breaks at event 2"),
    ("UPDATE ledger_stretches SET records ="
     " CAST(substr(records, 1, length(records) - 1) || x'00' AS BLOB)", "record"),
    ("UPDATE ledger_stretches SET records = substr(records, 1, length(records) - 1)",
     "from 1 on is damaged"),
    ("DELETE FROM ledger_stretches", "another than was verified"),
    ("UPDATE ledger_chains SET verified_to = verified_to + 9", "the database believes"),
    ("UPDATE ledger_chains SET verified_hash = device_id", "another than was verified"),
    ("UPDATE waiting SET sealed_body = device_id FROM devices WHERE kind = 'receipt'", "receipt"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "words"), WRONGS, ids=range(len(WRONGS)))
def test_verify_says_what_is_wrong(
    world_on_sqlite: World, tmp_path: Path, damage: str, words: str
) -> None:
    from starlette.testclient import TestClient

    from cloud.ingest.app import create_app

    world = world_on_sqlite
    with TestClient(create_app(world.settings, world.clock)) as client:
        phone = Phone(world, client)
        assert phone.enrol(world.enrol()[1]).status_code == 200
        band = treating(world, phone)
        band.session()
        assert set(send(phone, band)) == {"accepted"}
    patients_read(world, 3)
    assert list(verifying.wrongs(world.database)) == []
    with world.database.write("demo") as session:
        triggers = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in session.execute(triggers).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        for command in damage.split(";"):
            session.execute(text(command))
    found = list(verifying.wrongs(world.database))
    assert any(words in each for each in found), found


def test_what_another_backup_is_writing_is_left_alone(
    world_on_sqlite: World, tmp_path: Path
) -> None:
    (tmp_path / "b.part").write_text("of another run")
    with pytest.raises(SetupError, match="another backup"):
        backup.back_up(world_on_sqlite.settings.url, tmp_path / "b", KEY.public_key)
    assert (tmp_path / "b.part").read_text() == "of another run"
    assert not (tmp_path / "b").exists()


COMMAND = """
import os, sys
from cloud.cli import main
before, out, other, *words = sys.argv[1:]
# The interpreter may lie where nobody else may read: what it needs is loaded by then.
main([*words, "--out", before])
os.setgroups([])
os.setgid(int(other))
os.setuid(int(other))
main([*words, "--out", out])
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize("live", [True, False], ids=["live", "stopped"])
def test_the_units_user_makes_a_backup_by_the_groups_rights(
    world_on_sqlite: World, live: bool
) -> None:
    world = world_on_sqlite
    if not live:
        world.database.close()
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        place.chmod(0o755)
        data, out = place / "data", place / "backups"
        shutil.copytree(world.settings.data, data)
        for folder, mode in ((data, 0o2770), (out, 0o700)):
            folder.mkdir(exist_ok=True)
            os.chown(folder, 0 if folder is data else OTHER, OTHER)
            folder.chmod(mode)
        file = data / "cloud.sqlite"
        with closing(sqlite3.connect(file)) as own:
            own.execute("PRAGMA journal_mode=WAL")
            if live:
                own.execute("SELECT count(*) FROM clinics").fetchone()
            for each in data.glob("cloud.sqlite*"):
                os.chown(each, 0, OTHER)
                each.chmod(0o660)
            if not live:
                own.close()
            to = place / "backup.pub"
            to.write_text(KEY.public_key.data.hex())
            url = f"sqlite+pysqlite:///{file}"
            words = ["backup", "--database-url", url, "--data", str(data), "--to", str(to)]
            files = [str(place / "own.backup"), str(out / "one.backup"), str(OTHER)]
            done = subprocess.run(
                [sys.executable, "-c", COMMAND, *files, *words],
                capture_output=True,
                check=False,
                timeout=60,
            )
        assert done.returncode == 0, done.stderr.decode()
        assert (out / "one.backup").stat().st_size > 0
