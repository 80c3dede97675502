"""The app lock's PIN: slow, patient, and never a reason to lose anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile.engine import pin
from mobile.engine.pin import FREE_TRIES, WAITS_MS
from mobile.platform import FileKeyStore
from mobile.store import Store, open_store

NOW_MS = 1_796_068_800_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path, FileKeyStore(tmp_path))
    yield opened
    opened.close()


async def test_the_right_pin_opens_and_another_does_not(store: Store) -> None:
    await pin.choose(store, "7319")
    assert not await pin.is_right(store, "7391", now_ms=NOW_MS)
    assert await pin.is_right(store, "7319", now_ms=NOW_MS)
    kept = pin.kept(store)
    assert kept is not None
    assert kept.wrong == 0


async def test_the_pin_itself_stands_nowhere(store: Store, tmp_path: Path) -> None:
    await pin.choose(store, "731946280")
    store.close()
    assert b"731946280" not in _everything(tmp_path)


def _everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_tries_get_slower_and_a_right_pin_has_to_wait_too(store: Store) -> None:
    await pin.choose(store, "7319")
    for _number in range(FREE_TRIES):
        assert not await pin.is_right(store, "0000", now_ms=NOW_MS)
    kept = pin.kept(store)
    assert kept is not None
    assert kept.wait_ms(NOW_MS) == WAITS_MS[0]
    assert not await pin.is_right(store, "7319", now_ms=NOW_MS + WAITS_MS[0] - 1)
    after = pin.kept(store)
    assert after is not None
    assert after.wrong == FREE_TRIES
    assert await pin.is_right(store, "7319", now_ms=NOW_MS + WAITS_MS[0])


async def test_a_clock_set_back_waits_no_longer_than_its_step(store: Store) -> None:
    await pin.choose(store, "7319")
    for _number in range(FREE_TRIES):
        await pin.is_right(store, "0000", now_ms=NOW_MS)
    kept = pin.kept(store)
    assert kept is not None
    assert kept.wait_ms(NOW_MS - 86_400_000) == WAITS_MS[0]


async def test_without_a_pin_nothing_is_asked(store: Store) -> None:
    assert pin.kept(store) is None
    assert await pin.is_right(store, "", now_ms=NOW_MS)
    await pin.choose(store, "7319")
    pin.forget(store)
    assert pin.kept(store) is None
