"""What stays readable in the file is what docs/store.md says, and nothing that was kept."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from mobile.store import Store
from mobile.store.database import FILE_NAME
from tests.mobile.store.filled import ANSWERS, MARK, everything, fill, sealed

DOCUMENT = Path(__file__).parents[3] / "docs/store.md"
ROW = re.compile(r"^\| `(\w+)` \| `(\w+)` \|", re.MULTILINE)
MARKS = (MARK, MARK[::-1], MARK.hex().encode(), b"phq9-own-words", bytes(ANSWERS), b"pppppppp")


def columns(path: Path) -> set[tuple[str, str]]:
    """Every column of the file itself, by table and name."""
    with closing(sqlite3.connect(path)) as file:
        tables = [n for (n,) in file.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {
            (table, row[1])
            for table in tables
            for row in file.execute(f"PRAGMA table_info({table})")
        }


def test_the_document_names_every_readable_column_and_no_other(
    tmp_path: Path, store: Store
) -> None:
    written = ROW.findall(DOCUMENT.read_text("utf-8"))
    assert len(written) == len(set(written))
    assert set(written) == columns(tmp_path / FILE_NAME) - set(sealed())


def test_raw_bytes_show_no_value(tmp_path: Path, store: Store) -> None:
    fill(store)
    everything(store)
    wal = (tmp_path / f"{FILE_NAME}-wal").read_bytes()
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    store.close()
    raw += b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"thought-record" in wal, "the log holds what was just written"
    assert [mark for mark in MARKS if mark in raw] == []


def test_every_sealed_column_was_filled(tmp_path: Path, store: Store) -> None:
    fill(store)
    store.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as file:
        for table, column in sealed():
            (held,) = file.execute(f"SELECT count({column}) FROM {table}").fetchone()
            assert held, f"{table}.{column}"


def test_what_was_erased_or_answered_leaves_no_bytes_behind(tmp_path: Path, store: Store) -> None:
    fill(store)
    with store.transaction() as session:
        row = session.connection().exec_driver_sql(
            "SELECT sealed_line FROM session_log UNION ALL SELECT sealed_body FROM outbox"
            " WHERE sealed_body IS NOT NULL"
        )
        gone = [value for (value,) in row]
    store.session_log.erase(b"s" * 16)
    for item in store.outbox.next_items(99):
        store.outbox.acknowledge(item.id, now_ms=9)
    store.close()

    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [value for value in gone if value in raw] == []
