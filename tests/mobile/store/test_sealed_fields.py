"""A sealed value opens in its own row, column and table, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, text

from mobile.store import Store, StoreDamaged, open_store
from mobile.store.models import Base
from tests.mobile.store.filled import EPOCH, everything, fill, sealed
from tests.mobile.worlds import MemoryKeyStore

PLACES = [".".join(pair) for pair in sealed()]


def values(store: Store, place: str) -> list[tuple[int, bytes]]:
    """Row ids and values of a sealed column."""
    table, column = place.split(".")
    with store.transaction() as session:
        found = session.execute(
            text(f"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY rowid")
        )
        return [(row[0], row[1]) for row in found]


def put(store: Store, place: str, row: int, value: bytes) -> None:
    table, column = place.split(".")
    with store.transaction() as session:
        session.execute(
            text(f"UPDATE {table} SET {column} = :value WHERE rowid = :row"),
            {"value": value, "row": row},
        )


def test_every_binary_column_is_sealed_or_no_value_of_the_person() -> None:
    binary = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert binary - set(PLACES) == {"data_keys.wrapped_key", "ledger_records.epoch"}


@pytest.mark.parametrize("target", PLACES)
def test_a_value_moved_elsewhere_does_not_open(store: Store, target: str) -> None:
    fill(store)
    everything(store)
    row, own = values(store, target)[-1]
    for source in PLACES:
        _, moved = values(store, source)[0]
        assert moved != own
        put(store, target, row, moved)
        with pytest.raises(StoreDamaged, match="doesn't open"):
            everything(store)

    put(store, target, row, own)
    everything(store)


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("downstream.sealed_refusal", "downstream.sealed_body"),
        ("downstream.sealed_body", "downstream.sealed_refusal"),
    ],
)
def test_a_value_of_another_column_of_the_same_row_does_not_open(
    store: Store, target: str, source: str
) -> None:
    fill(store)
    row, _ = values(store, target)[0]
    other, moved = values(store, source)[0]
    assert row == other

    put(store, target, row, moved)
    with pytest.raises(StoreDamaged, match="doesn't open"):
        everything(store)


def test_a_value_of_a_row_of_that_name_in_another_table_does_not_open(store: Store) -> None:
    store.settings.put("record/1", b"of the settings")
    fill(store)
    row, _ = values(store, "outbox.sealed_body")[0]
    moved = next(value for _, value in values(store, "settings.sealed_value"))

    put(store, "outbox.sealed_body", row, moved)
    with pytest.raises(StoreDamaged, match=r"outbox\.sealed_body doesn't open"):
        everything(store)


def test_a_value_of_another_epochs_record_does_not_open(store: Store) -> None:
    store.records.append(EPOCH, 1, [b"one"])
    store.records.append(b"f" * 16, 1, [b"other"])
    (_, first), (row, _) = values(store, "ledger_records.sealed_record")

    put(store, "ledger_records.sealed_record", row, first)
    with pytest.raises(StoreDamaged):
        store.records.read(b"f" * 16)


@pytest.mark.parametrize("at", [0, 1, 2, 13, 14, -17, -1])
def test_a_changed_bit_does_not_open(store: Store, at: int) -> None:
    fill(store)
    row, own = values(store, "settings.sealed_value")[0]
    changed = bytearray(own)
    changed[at] ^= 1

    put(store, "settings.sealed_value", row, bytes(changed))
    with pytest.raises(StoreDamaged, match=r"settings\.sealed_value"):
        everything(store)


def test_a_value_cut_short_does_not_open(store: Store) -> None:
    fill(store)
    row, own = values(store, "settings.sealed_value")[0]
    for length in (0, 1, 2, 13, 20, len(own) - 1):
        put(store, "settings.sealed_value", row, own[:length])
        with pytest.raises(StoreDamaged):
            everything(store)


def test_the_same_value_looks_different_each_time(tmp_path: Path, store: Store) -> None:
    store.settings.put("a", b"the same")
    store.settings.put("b", b"the same")
    (_, a), (_, b) = values(store, "settings.sealed_value")
    store.settings.put("a", b"the same")
    assert len({a, b, values(store, "settings.sealed_value")[0][1]}) == 3


def test_a_value_of_another_phone_does_not_open(tmp_path: Path, store: Store) -> None:
    other = open_store(tmp_path / "other", MemoryKeyStore())
    fill(store)
    fill(other)
    row, _ = values(store, "settings.sealed_value")[0]

    put(store, "settings.sealed_value", row, values(other, "settings.sealed_value")[0][1])
    with pytest.raises(StoreDamaged):
        everything(store)
    other.close()
