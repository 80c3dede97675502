"""A private PostgreSQL cluster on a Unix socket, with the roles of docs/operations.md."""

import functools
import itertools
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

from cloud.migrations.run import migrate

SUPERUSER, OWNER, APP = "postgres", "circlet_owner", "circlet_app"


@dataclass(frozen=True)
class Urls:
    """One database, as those come to it who own its tables, who serve, and who may do all."""

    owner: str
    app: str
    superuser: str


class Cluster:
    """Databases on request: empty ones, or copies of one that was migrated once."""

    def __init__(self, *, fsync: bool = False) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql")
        self._programs = found[-1].parent
        self._fsync = "on" if fsync else "off"
        self._numbers = itertools.count(1)
        self.folder = Path(tempfile.mkdtemp(prefix="circlet-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, SUPERUSER, SUPERUSER)
        auth = ("-A", "trust", "-U", SUPERUSER, "-N")
        self._run("initdb", "-D", str(self.folder / "cluster"), *auth)
        self.start()
        for role in (OWNER, APP):
            self._say(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS")

    def start(self) -> None:
        """Start the server."""
        options = f"-k {self.folder} -c listen_addresses= -c fsync={self._fsync}"
        log = ("-l", str(self.folder / "log"), "-w")
        self._run("pg_ctl", "-D", str(self.folder / "cluster"), "-o", options, *log, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server: ``immediate`` is as a crash is."""
        self._run("pg_ctl", "-D", str(self.folder / "cluster"), "-m", mode, "-w", "stop")

    def remove(self) -> None:
        """Stop it, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder)

    def empty(self) -> Urls:
        """Return a new database without tables."""
        return self._create()

    def migrated(self) -> Urls:
        """Return a new database with the newest tables, all empty."""
        return self._create(self._template)

    def copy_of(self, urls: Urls) -> Urls:
        """Return a new database like another, to which nobody is connected."""
        return self._create(_name(urls))

    def drop(self, urls: Urls) -> None:
        """Remove a database, whoever is connected to it."""
        self._say(f"DROP DATABASE {_name(urls)} WITH (FORCE)")

    @functools.cached_property
    def _template(self) -> str:
        made = self._create()
        migrate(made.owner)
        return _name(made)

    def _create(self, template: str = "template0") -> Urls:
        name = f"circlet_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
        owner, app, superuser = (
            f"postgresql+psycopg://{role}@/{name}?host={self.folder}"
            for role in (OWNER, APP, SUPERUSER)
        )
        return Urls(owner, app, superuser)

    def _say(self, command: str) -> None:
        place = f"host={self.folder} user={SUPERUSER} dbname=postgres"
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(command.encode())

    def _run(self, program: str, *arguments: str) -> None:
        user = ["runuser", "-u", SUPERUSER, "--"] if os.geteuid() == 0 else []
        command = [*user, str(self._programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd="/", timeout=60)


def _name(urls: Urls) -> str:
    return urls.app.partition("@/")[2].partition("?")[0]
