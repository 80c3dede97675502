"""The sealed store against the same store with its fields unsealed: a year of records, read whole.

Both run through the same tables, services and settings; they take turns, so that whatever else the
machine does falls on both, and the quickest turn of each counts, since all else only adds.

`.venv/bin/python -m scripts.bench_app.store` prints the table and fails where a limit is missed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from mobile.platform import FileKeyStore
from mobile.store import Store
from mobile.store.cipher import KeyedCipher
from mobile.store.database import open_database
from scripts.bench.figures import Row, print_table

SESSIONS_A_YEAR = 260
"""Five days a week, all year: more than a course and its after-care have."""
RECORDS_A_SESSION = 44
"""Opened, closed, two for each of 20 trains, answers before and a clearance."""
RECORD_BYTES = 120
TURNS = 25
MOST_RATIO = 2.0
_EPOCH = b"e" * 16


class PlainCipher(KeyedCipher):
    """Leaves every field as it is."""

    def __init__(self) -> None:
        super().__init__({1: bytes(32)})

    def seal(self, table: str, column: str, row: str, plain: bytes) -> bytes:
        return plain

    def open_all(
        self, table: str, column: str, fields: Iterable[tuple[str, bytes]]
    ) -> tuple[bytes, ...]:
        return tuple(sealed for _row, sealed in fields)


def store_rows() -> list[Row]:
    """Measure, and return the figures with their limits."""
    records = [os.urandom(RECORD_BYTES) for _ in range(SESSIONS_A_YEAR * RECORDS_A_SESSION)]
    with tempfile.TemporaryDirectory() as folder:
        sealed = _filled(Path(folder) / "sealed", records, None)
        plain = _filled(Path(folder) / "plain", records, PlainCipher())
        times: dict[str, list[float]] = {"sealed": [], "plain": []}
        for _turn in range(TURNS):
            times["plain"].append(_read_ms(plain, records))
            times["sealed"].append(_read_ms(sealed, records))
        plain.close()
        sealed.close()
    ratio = min(times["sealed"]) / min(times["plain"])
    made_of = f"{len(records)} records of {RECORD_BYTES} bytes, quickest of {TURNS}"
    return [
        Row("a year of records, unsealed", min(times["plain"]), "ms", beside=made_of),
        Row("a year of records, sealed", min(times["sealed"]), "ms", beside=made_of),
        Row("sealed against unsealed", ratio, "x", at_most=MOST_RATIO),
    ]


def _filled(data: Path, records: list[bytes], cipher: KeyedCipher | None) -> Store:
    data.mkdir()
    keys = FileKeyStore(data)
    database = open_database(data, keys, now_ms=1)
    if cipher is not None:
        database.cipher = cipher
    store = Store(database, data, keys)
    store.records.append(_EPOCH, 1, records)
    return store


def _read_ms(store: Store, records: list[bytes]) -> float:
    begin = time.perf_counter()
    found = store.records.read(_EPOCH)
    taken_ms = (time.perf_counter() - begin) * 1000
    if list(found) != records:
        raise AssertionError("what was read isn't what was kept")
    return taken_ms


def main() -> int:
    """Print the table; 1 where a limit is missed."""
    rows = store_rows()
    print_table(rows)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
