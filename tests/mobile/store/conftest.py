"""An open store over a keystore in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile.store import Store, open_store
from tests.mobile.worlds import MemoryKeyStore


@pytest.fixture
def keys() -> MemoryKeyStore:
    return MemoryKeyStore()


@pytest.fixture
def store(tmp_path: Path, keys: MemoryKeyStore) -> Iterator[Store]:
    store = open_store(tmp_path, keys)
    yield store
    store.close()
