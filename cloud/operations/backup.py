"""A backup of the whole database while the processes work, and putting it back into an empty one.

SQLite is copied by its own online backup, PostgreSQL by pg_dump: both are one moment's state. What
the database holds is health data, so that a backup is always sealed (`sealed_file`). Keys aren't
in it: they are kept apart from it, and so must their copies be.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, make_url
from sqlalchemy.exc import SQLAlchemyError

from cloud.db import make_engine
from cloud.errors import SetupError
from cloud.migrations.run import migrate
from cloud.operations import postgresql
from cloud.operations.sealed_file import PIECE_BYTES, SealedWriter, Unreadable, read_sealed
from cloud.vault.vault import Vault
from shared.trust.keys import PublicKey, SoftwareKey

PART = ".part"
_SQLITE, _POSTGRESQL = b"sqlite\n", b"postgresql\n"
_ALL_PAGES = -1
"""In one go: between two goes a process that commits would make SQLite begin anew, without end."""


def back_up(url: str, out: Path, to: PublicKey) -> None:
    """Write a backup to the new file ``out``; nothing stands there until it is whole."""
    part = out.with_name(out.name + PART)
    if out.exists():
        raise SetupError(f"{out}: is there already")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            writer = SealedWriter(file, to)
            if _is_sqlite(url):
                _copy_sqlite(url, writer, out.parent)
            else:
                _dump_postgresql(url, writer)
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        part.rename(out)
    except FileExistsError as problem:
        raise SetupError(f"{part}: another backup is being written, or was cut off") from problem
    except BaseException as problem:
        part.unlink(missing_ok=True)
        if isinstance(problem, OSError):
            raise SetupError(f"{out}: {problem.strerror}") from problem
        raise


def restore(url: str, backup: Path, key: SoftwareKey, vault: Vault | None = None) -> None:
    """Put a backup into an empty database and bring its tables to this program's newest;
    ``vault`` is for a backup of before patients had keys.

    Raises SetupError where the database isn't empty or the backup is of another kind of database,
    Unreadable where the backup doesn't open; then nothing was put in.
    """
    refuse_unless_empty(url)
    try:
        with tempfile.TemporaryDirectory(dir=_beside(url)) as folder:
            plain = Path(folder) / "backup"
            kind = _unseal(backup, key, plain)
            if kind != (_SQLITE if _is_sqlite(url) else _POSTGRESQL):
                raise SetupError(f"the backup is of {kind.decode().strip()}")
            _put_in(url, plain)
    except OSError as problem:
        raise SetupError(f"{backup}: {problem.strerror}") from problem
    migrate(url, vault=vault)


def refuse_unless_empty(url: str) -> None:
    """Raise SetupError where the database has tables, or can't be reached."""
    if _is_sqlite(url) and not _file(url).exists():
        return
    engine = make_engine(url)
    try:
        tables = inspect(engine).get_table_names()
    except SQLAlchemyError as problem:
        raise SetupError("the database does not answer") from problem
    finally:
        engine.dispose()
    if tables:
        raise SetupError("the database is not empty: a backup goes into a new one")


def _unseal(backup: Path, key: SoftwareKey, plain: Path) -> bytes:
    """Write the content to ``plain`` and return of which database it is; all or nothing."""
    kind = b""
    with backup.open("rb") as file, plain.open("xb") as out:
        plain.chmod(0o600)
        for piece in read_sealed(file, key):
            if not kind:
                kind, _, piece = piece.partition(b"\n")
                kind += b"\n"
            out.write(piece)
    if kind not in (_SQLITE, _POSTGRESQL):
        raise Unreadable("the backup is of no database that is known")
    return kind


def _put_in(url: str, plain: Path) -> None:
    if _is_sqlite(url):
        with closing(sqlite3.connect(plain)) as copy, closing(sqlite3.connect(_file(url))) as own:
            copy.backup(own)
        return
    command = [
        postgresql.program("pg_restore"),
        *("--no-owner", "--single-transaction", "--exit-on-error", "--dbname", _name(url)),
        str(plain),
    ]
    postgresql.end(postgresql.begin(command, url), "pg_restore")


def _copy_sqlite(url: str, writer: SealedWriter, folder: Path) -> None:
    writer.write(_SQLITE)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        copied = Path(work) / "copy.sqlite"
        with (
            closing(sqlite3.connect(f"file:{_file(url)}?mode=ro", uri=True)) as own,
            closing(sqlite3.connect(copied)) as copy,
        ):
            copied.chmod(0o600)
            own.backup(copy, pages=_ALL_PAGES)
            copy.execute("PRAGMA journal_mode=DELETE")
        with copied.open("rb") as file:
            _pour(lambda: file.read(PIECE_BYTES), writer)


def _dump_postgresql(url: str, writer: SealedWriter) -> None:
    writer.write(_POSTGRESQL)
    command = [postgresql.program("pg_dump"), "--format=custom", "--no-owner"]
    process = postgresql.begin(command, url, stdout=subprocess.PIPE)
    assert process.stdout is not None
    out = process.stdout
    _pour(lambda: out.read(PIECE_BYTES), writer)
    postgresql.end(process, "pg_dump")


def _pour(read: Callable[[], bytes], writer: SealedWriter) -> None:
    while piece := read():
        writer.write(piece)


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")


def _name(url: str) -> str:
    return make_url(url).database or ""


def _beside(url: str) -> Path | None:
    """Return where the unsealed copy may stand for a moment: SQLite's own folder."""
    return _file(url).parent if _is_sqlite(url) else None
