"""The data keys: kept in the database, each wrapped (RFC 3394) by a key of the keystore.

While keys change there are two of each: the keystore's next one is put there before the data key
that it wraps, and takes the other's place once nothing is sealed under the older data key. So at
whatever point the app is killed, every data key in the file has its wrapping key.
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mobile.platform.keystore import KeyName, KeyStore
from mobile.store.cipher import KEY_BYTES, KeyedCipher
from mobile.store.errors import KeyLost
from mobile.store.models import DataKeyRow


def open_cipher(session: Session, keys: KeyStore, *, now_ms: int) -> KeyedCipher:
    """Return the cipher of the keys in the file; make the first one in a new file.

    Raise KeyLost where the keystore hasn't the key to one of them.
    """
    rows = session.scalars(select(DataKeyRow)).all()
    if not rows:
        return KeyedCipher({1: _add(session, keys, KeyName.WRAPPING, 1, now_ms=now_ms)})
    return KeyedCipher({row.number: _unwrap(keys, row.wrapped_key) for row in rows})


def add_next(session: Session, keys: KeyStore, *, now_ms: int) -> tuple[int, bytes]:
    """Add a data key under a new wrapping key; return its number and itself."""
    number = (session.scalar(select(func.max(DataKeyRow.number))) or 0) + 1
    return number, _add(session, keys, KeyName.NEXT_WRAPPING, number, now_ms=now_ms)


def drop_older(session: Session) -> None:
    """Drop every data key but the newest."""
    newest = select(func.max(DataKeyRow.number)).scalar_subquery()
    session.execute(delete(DataKeyRow).where(DataKeyRow.number < newest))


def settle_wrapping(session: Session, keys: KeyStore) -> None:
    """With one data key left, keep its wrapping key under the usual name and forget the other."""
    rows = session.scalars(select(DataKeyRow)).all()
    next_wrapping = keys.read(KeyName.NEXT_WRAPPING)
    if len(rows) != 1 or next_wrapping is None:
        return
    if _try(next_wrapping, rows[0].wrapped_key) is not None:
        keys.write(KeyName.WRAPPING, next_wrapping)
    keys.erase(KeyName.NEXT_WRAPPING)


def count(session: Session) -> int:
    """Return how many data keys there are: two while they change."""
    return session.scalar(select(func.count()).select_from(DataKeyRow)) or 0


def newest_made_ms(session: Session) -> int:
    """Return when the newest data key was made, by the phone's clock at the time."""
    return session.scalar(select(func.max(DataKeyRow.made_ms))) or 0


def _add(session: Session, keys: KeyStore, name: KeyName, number: int, *, now_ms: int) -> bytes:
    wrapping, data_key = os.urandom(KEY_BYTES), os.urandom(KEY_BYTES)
    keys.write(name, wrapping)
    wrapped = aes_key_wrap(wrapping, data_key)
    session.add(DataKeyRow(number=number, wrapped_key=wrapped, made_ms=now_ms))
    return data_key


def _unwrap(keys: KeyStore, wrapped: bytes) -> bytes:
    for name in (KeyName.WRAPPING, KeyName.NEXT_WRAPPING):
        wrapping = keys.read(name)
        data_key = None if wrapping is None else _try(wrapping, wrapped)
        if data_key is not None:
            return data_key
    raise KeyLost


def _try(wrapping: bytes, wrapped: bytes) -> bytes | None:
    try:
        return aes_key_unwrap(wrapping, wrapped)
    except (InvalidUnwrap, ValueError):
        return None
