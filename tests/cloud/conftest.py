"""Worlds on a real SQLite file, and on a private PostgreSQL cluster where a test asks for it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cloud.ingest.app import create_app
from tests.cloud.phone import Phone
from tests.cloud.worlds import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def ingest(world: World) -> Iterator[TestClient]:
    with TestClient(create_app(world.settings, world.clock)) as client:
        yield client


@pytest.fixture
def phone(world: World, ingest: TestClient) -> Phone:
    """An enrolled phone."""
    made = Phone(world, ingest)
    assert made.enrol(world.enrol()[1]).status_code == 200
    return made


def _postgres_bin() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _as_postgres(*command: str) -> None:
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*user, *command], check=True, capture_output=True, cwd="/", timeout=60)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of an empty database in a private cluster on a Unix socket."""
    programs = _postgres_bin()
    if programs is None:
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="circlet-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = folder / "cluster"
    _as_postgres(
        str(programs / "initdb"), "-D", str(cluster), "-A", "trust", "-U", "postgres", "-N"
    )
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    _as_postgres(
        str(programs / "pg_ctl"),
        *("-D", str(cluster), "-o", options, "-l", str(folder / "log"), "-w", "start"),
    )
    yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    _as_postgres(str(programs / "pg_ctl"), "-D", str(cluster), "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder)
