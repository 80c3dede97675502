"""Sealing columns that were plain, and opening them again on the way down: for migrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from cloud.errors import SetupError
from cloud.vault.errors import KeyDestroyed
from cloud.vault.fields import ERASED
from cloud.vault.owners import Owner, Purpose
from cloud.vault.vault import Place, Vault

VAULT = "vault"
"""The name of the vault in a connection's ``info``."""
_SEALED = "sealed_"
Row = Mapping[str, Any]


def _never(_row: Row) -> bool:
    return False


@dataclass(frozen=True)
class Column:
    """A column of before, the sealed one's name without its prefix, and the type of before.

    ``always`` is for one that may be NULL and is sealed then too.
    """

    before: str
    name: str
    type: sa.types.TypeEngine[Any]
    nullable: bool = False
    always: bool = False


@dataclass(frozen=True)
class Table:
    """A table, its primary key after the clinic's id, and what is sealed of it with which key.

    ``clear`` says of a row that its columns change their type alone; it ``reads`` more columns.
    """

    name: str
    key: tuple[str, ...]
    purpose: Purpose
    columns: tuple[Column, ...]
    clear: Callable[[Row], bool] = _never
    reads: tuple[str, ...] = ()


class Sealing:
    """One migration's way through the tables."""

    def __init__(self, connection: sa.Connection, vault: Vault | None) -> None:
        self._connection, self._vault = connection, vault

    @classmethod
    def of(cls, connection: sa.Connection) -> Sealing:
        """Return the connection's."""
        return cls(connection, connection.info.get(VAULT))

    @property
    def vault(self) -> Vault:
        """The vault; raise SetupError where nobody gave one."""
        if self._vault is None:
            raise SetupError(
                "this migration needs the patients' keys: set CIRCLET_CLOUD_IDENTITY or"
                " CIRCLET_CLOUD_VAULT"
            )
        return self._vault

    def patients(self) -> list[tuple[str, bytes]]:
        """Return all patients, by clinic's and patient's id."""
        found = sa.table("patients", sa.column("clinic_id"), sa.column("patient_id"))
        return [(row[0], bytes(row[1])) for row in self._connection.execute(sa.select(found))]

    def seal(self, table: Table) -> None:
        """Put sealed columns in the place of plain ones."""
        triggers = self._triggers(table)
        with op.batch_alter_table(table.name, schema=None) as batch_op:
            for column in table.columns:
                sealed = sa.Column(_SEALED + column.name, sa.LargeBinary(), nullable=True)
                batch_op.add_column(sealed)
        for row in self._rows(table):
            self._update(
                table,
                row,
                {
                    _SEALED + column.name: self._sealed(table, row, column)
                    for column in table.columns
                },
            )
        with op.batch_alter_table(table.name, schema=None) as batch_op:
            for column in table.columns:
                batch_op.drop_column(column.before)
                if not column.nullable:
                    batch_op.alter_column(
                        _SEALED + column.name, existing_type=sa.LargeBinary(), nullable=False
                    )
        self._put_back(triggers)

    def unseal(self, table: Table) -> None:
        """Put plain columns in the place of sealed ones."""
        triggers = self._triggers(table)
        with op.batch_alter_table(table.name, schema=None) as batch_op:
            for column in table.columns:
                batch_op.add_column(sa.Column(column.before, column.type, nullable=True))
        for row in self._rows(table):
            self._update(
                table,
                row,
                {column.before: self._opened(table, row, column) for column in table.columns},
            )
        with op.batch_alter_table(table.name, schema=None) as batch_op:
            for column in table.columns:
                batch_op.drop_column(_SEALED + column.name)
                if not (column.nullable or column.always):
                    batch_op.alter_column(column.before, existing_type=column.type, nullable=False)
        self._put_back(triggers)

    def value(
        self, table: str, row: tuple[Any, ...], owner: Owner, column: str, plain: bytes
    ) -> bytes:
        """Return one sealed value."""
        return self.vault.seal(Place(owner, table, row, column), plain)

    def plain(
        self, table: str, row: tuple[Any, ...], owner: Owner, column: str, sealed: bytes
    ) -> bytes:
        """Return one opened value."""
        return self.vault.open(Place(owner, table, row, column), sealed)

    def _sealed(self, table: Table, row: Row, column: Column) -> bytes | None:
        value = row[column.before]
        if value is None and not column.always:
            return None
        plain = _encoded(value)
        if table.clear(row) or row["patient_id"] is None:
            return plain
        try:
            return self.vault.seal(self._place(table, row, column), plain)
        except KeyDestroyed:
            return b""

    def _opened(self, table: Table, row: Row, column: Column) -> Any:
        sealed = row[_SEALED + column.name]
        if sealed is None:
            return None
        if not table.clear(row) and row["patient_id"] is not None:
            try:
                sealed = self.vault.open(self._place(table, row, column), sealed)
            except KeyDestroyed:
                return _gone(column)
        return _decoded(bytes(sealed), column)

    def _place(self, table: Table, row: Row, column: Column) -> Place:
        owner = Owner(row["clinic_id"], row["patient_id"], table.purpose)
        key = tuple(row[name] for name in ("clinic_id", *table.key))
        return Place(owner, table.name, key, _SEALED + column.name)

    def _triggers(self, table: Table) -> dict[str, str]:
        """SQLite makes the table anew, and drops its triggers with the old one."""
        if self._connection.dialect.name != "sqlite":
            return {}
        found = self._connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?",
            (table.name,),
        )
        return {row[0]: row[1] for row in found}

    def _put_back(self, triggers: dict[str, str]) -> None:
        for name, command in triggers.items():
            self._connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            self._connection.exec_driver_sql(command)

    def _rows(self, table: Table) -> Iterator[Row]:
        """Yield the rows one by one: a row may be large."""
        described = sa.Table(table.name, sa.MetaData(), autoload_with=self._connection)
        key = [described.c[name] for name in ("clinic_id", *table.key)]
        for found in self._connection.execute(sa.select(*key)).all():
            own = [column == value for column, value in zip(key, found, strict=True)]
            yield self._connection.execute(sa.select(described).where(*own)).one()._asdict()

    def _update(self, table: Table, row: Row, values: dict[str, Any]) -> None:
        described = sa.Table(table.name, sa.MetaData(), autoload_with=self._connection)
        own = [described.c[name] == row[name] for name in ("clinic_id", *table.key)]
        self._connection.execute(described.update().where(*own).values(values))


def _encoded(value: Any) -> bytes:
    if value is None:
        return b""
    if isinstance(value, bytes):
        return value
    return (value.isoformat() if isinstance(value, date) else str(value)).encode()


def _gone(column: Column) -> Any:
    """What stands in a plain column of a patient who was erased."""
    if column.nullable or column.always:
        return None
    if isinstance(column.type, sa.LargeBinary):
        return b""
    if isinstance(column.type, sa.String):
        return ERASED
    return date.min if isinstance(column.type, sa.Date) else 0


def _decoded(plain: bytes, column: Column) -> Any:
    if isinstance(column.type, sa.LargeBinary):
        return plain
    if isinstance(column.type, sa.String):
        return plain.decode()
    if not plain:
        return None
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(plain.decode())
    return int(plain)
