"""PostgreSQL's own programs for a whole database: pg_dump and pg_restore, found and started."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from cloud.errors import SetupError

DEBIANS = Path("/usr/lib/postgresql")


VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
"""What a URL says of the way to a database, and libpq's variable for each."""


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs, the newest of Debian's where there are more.

    Raises SetupError where it isn't installed.
    """
    newest = sorted(DEBIANS.glob(f"*/bin/{name}"), key=lambda each: int(each.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if found is None:
        raise SetupError(f"{name} is not installed: it comes with PostgreSQL's client programs")
    return found


def begin(command: list[str], url: str, *, stdout: int | None = None) -> subprocess.Popen[bytes]:
    """Start a program on the database at ``url``: the address stands in its environment, where
    other users of the machine don't read it. Several hosts are handed on as they are."""
    address = make_url(url)
    _, named = address.get_dialect()().create_connect_args(address)
    given = {VARIABLES[name]: str(value) for name, value in named.items() if name in VARIABLES}
    environment = {**os.environ, **given}
    return subprocess.Popen(command, env=environment, stdout=stdout, stderr=subprocess.PIPE)


def end(process: subprocess.Popen[bytes], what: str) -> None:
    """Wait for a program; raise SetupError with its first line where it failed."""
    assert process.stderr is not None
    said = process.stderr.read().decode("utf-8", "replace").strip()
    if process.wait() != 0:
        raise SetupError(f"{what}: {said.splitlines()[0] if said else 'it failed'}")
