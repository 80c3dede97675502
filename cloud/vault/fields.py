"""Columns that are sealed: a row has the value in Python, the database its sealed bytes.

    class Patient(SealedRow, Base):
        sealed_name: Mapped[bytes]
        name = sealed(TEXT, Purpose.DATA)

The value is sealed when the row is written and opened when it is read first, with the vault of the
row's session. Of who was erased, and where the key is not there, a value is what its kind says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, cast, overload

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, object_session

from cloud.errors import SetupError
from cloud.logs import log
from cloud.vault.errors import Damaged, KeyDestroyed, KeyMissing, VaultError
from cloud.vault.owners import Owner, Purpose
from cloud.vault.vault import Place, Vault

VAULT = "vault"
"""The name of the vault in a session's ``info``."""
ERASED = "Erased"
"""What stands in the place of an erased text."""
UNREADABLE = "Not readable"
"""What stands there where a key is missing that nobody destroyed, or something is damaged."""
_SEALED, _PLAIN, _UNWRITTEN, _FROM = "sealed_", "_plain", "_unwritten", "_vault"

T = TypeVar("T")


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How a value becomes bytes (None: nothing is stored) and comes back, and what it is once its
    key is destroyed, or something is missing or damaged; who ``insists`` gets VaultError then."""

    encode: Callable[[T], bytes | None]
    decode: Callable[[bytes], T]
    erased: T
    unreadable: T
    insists: bool = False


TEXT: Kind[str] = Kind(str.encode, bytes.decode, ERASED, UNREADABLE)
NUMBER: Kind[int | None] = Kind(
    lambda value: b"" if value is None else str(value).encode(),
    lambda data: int(data) if data else None,
    None,
    None,
)
DAY: Kind[date | None] = Kind(
    lambda value: value.isoformat().encode() if value else b"",
    lambda data: date.fromisoformat(data.decode()) if data else None,
    None,
    None,
)
BYTES: Kind[bytes] = Kind(bytes, bytes, b"", b"", insists=True)
MAYBE_BYTES: Kind[bytes | None] = Kind(lambda value: value, bytes, None, None)
MAYBE_TEXT: Kind[str | None] = Kind(
    lambda value: None if value is None else value.encode(), bytes.decode, None, None
)
Chooses = Callable[[Any], Purpose | None]


class SealedRow:
    """A table's class with sealed columns; it has ``clinic_id`` and ``patient_id``."""


class Field(Generic[T]):
    """One sealed column; ``chooses`` says by the row with which key, None for no key at all."""

    def __init__(self, kind: Kind[T], chooses: Chooses) -> None:
        self._kind, self._chooses = kind, chooses
        self._table, self._key = "", cast("tuple[str, ...]", ())

    def __set_name__(self, table: type, name: str) -> None:
        self.name, self.column = name, _SEALED + name

    @overload
    def __get__(self, row: None, table: type) -> Field[T]: ...
    @overload
    def __get__(self, row: SealedRow, table: type) -> T: ...
    def __get__(self, row: SealedRow | None, table: type) -> Field[T] | T:
        if row is None:
            return self
        plain = _plain_of(row)
        if self.name not in plain:
            plain[self.name] = self._open(row)
        return cast(T, plain[self.name])

    def __set__(self, row: SealedRow, value: T) -> None:
        if self._has(row, value):
            return
        _plain_of(row)[self.name] = value
        _unwritten(row).add(self.name)
        # Sealed when it is written: the place takes the whole key of the row.
        setattr(row, self.column, None if self._kind.encode(value) is None else b"")

    def _has(self, row: SealedRow, value: T) -> bool:
        """Whether the value is stored already: what stays the same is not sealed anew."""
        if self.name in _unwritten(row) or not row.__dict__.get(self.column):
            return False
        try:
            return self.__get__(row, type(row)) == value
        except VaultError:
            return False

    def needs_key(self, row: SealedRow) -> bool:
        """Whether the row's value is sealed; None and what the record says anyhow are not."""
        return getattr(row, self.column) is not None and self._place(row) is not None

    def write(self, row: SealedRow) -> None:
        """Put the sealed bytes into the row's column, if the value was set since."""
        if self.name not in _unwritten(row):
            return
        plain = self._kind.encode(_plain_of(row)[self.name])
        place = self._place(row)
        if plain is not None and place is not None:
            plain = _vault_of(row).seal(place, plain)
        setattr(row, self.column, plain)
        _unwritten(row).discard(self.name)

    def _open(self, row: SealedRow) -> T:
        sealed: bytes | None = getattr(row, self.column)
        if sealed is None:
            return self._kind.erased
        place = self._place(row)
        if place is None:
            return self._kind.decode(sealed)
        try:
            return self._kind.decode(_vault_of(row).open(place, sealed))
        except (KeyDestroyed, KeyMissing, Damaged) as problem:
            if self._kind.insists:
                raise
            if isinstance(problem, KeyDestroyed):
                return self._kind.erased
            if isinstance(problem, Damaged):
                # One damaged value takes nobody else's page away; whoever runs the server reads it.
                where = f"{place.table}.{place.column}"
                log.error("damaged", clinic=place.owner.clinic_id, field=where, row=place.name)
            return self._kind.unreadable

    def _place(self, row: Any) -> Place | None:
        purpose = self._chooses(row)
        if purpose is None or row.patient_id is None:
            return None
        if not self._key:
            mapper = inspect(type(row))
            self._table = mapper.local_table.name
            self._key = tuple(mapper.get_property_by_column(c).key for c in mapper.primary_key)
        owner = Owner(row.clinic_id, row.patient_id, purpose)
        key = tuple(getattr(row, name) for name in self._key)
        return Place(owner, self._table, key, self.column)


def sealed(kind: Kind[T], key: Purpose | Chooses) -> Field[T]:
    """Return a sealed column's value; the column itself is ``sealed_`` and its name."""
    return Field(kind, (lambda _row: key) if isinstance(key, Purpose) else key)


def fields_of(table: type) -> tuple[Field[Any], ...]:
    """Return a table's sealed columns."""
    return tuple(each for each in vars(table).values() if isinstance(each, Field))


def vault_in(session: Session) -> Vault:
    """Return the session's vault; raise SetupError where its process has none."""
    found: Vault | None = session.info.get(VAULT)
    if found is None:
        raise SetupError("this process holds no patients' keys: name them by CIRCLET_CLOUD_VAULT")
    return found


def _plain_of(row: SealedRow) -> dict[str, Any]:
    plain: dict[str, Any] = row.__dict__.setdefault(_PLAIN, {})
    return plain


def _unwritten(row: SealedRow) -> set[str]:
    names: set[str] = row.__dict__.setdefault(_UNWRITTEN, set())
    return names


def _vault_of(row: SealedRow) -> Vault:
    session = object_session(row)
    if session is not None:
        return vault_in(session)
    vault: Vault | None = row.__dict__.get(_FROM)
    if vault is None:
        raise SetupError("this process holds no patients' keys: name them by CIRCLET_CLOUD_VAULT")
    return vault


@event.listens_for(SealedRow, "load", propagate=True)
def _loaded(row: SealedRow, context: Any) -> None:
    row.__dict__[_FROM] = context.session.info.get(VAULT)


@event.listens_for(SealedRow, "refresh", propagate=True)
@event.listens_for(SealedRow, "expire", propagate=True)
def _stale(row: SealedRow, *_about: Any) -> None:
    plain, unwritten = _plain_of(row), _unwritten(row)
    for name in plain.keys() - unwritten:
        del plain[name]


@event.listens_for(SealedRow, "before_insert", propagate=True)
@event.listens_for(SealedRow, "before_update", propagate=True)
def _written(_mapper: Any, _connection: Any, row: SealedRow) -> None:
    session = object_session(row)
    row.__dict__[_FROM] = session.info.get(VAULT) if session else None
    for each in fields_of(type(row)):
        each.write(row)
