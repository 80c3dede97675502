"""A phone's store on a disk that really fills up: run within a small tmpfs, DATA."""

from __future__ import annotations

import sys
from pathlib import Path

from mobile.platform import FileKeyStore
from mobile.store import Store, StoreFull, open_store
from mobile.store.outbox import OutboxItem
from shared.wire.items import UpKind
from tests.mobile.store.filled import everything, fill

BALLAST_BYTES, ITEM_BYTES = 200_000, 10_000


def queue(store: Store, number: int) -> None:
    item = OutboxItem(f"big/{number}", UpKind.RECORD, bytes(ITEM_BYTES))
    store.outbox.queue([item], now_ms=number)


def fill_up(store: Store) -> int:
    """Queue until the disk is full; return how many items the store says it holds."""
    number = 0
    while True:
        kept = everything(store)
        try:
            queue(store, number)
        except StoreFull as full:
            print(full)
            assert everything(store) == kept, "something was kept by halves"
            return number
        number += 1


def fill_every_byte(data: Path) -> Path:
    """What other apps do meanwhile: not one byte is left."""
    photos = data / "photos"
    with photos.open("wb", buffering=0) as file:
        for size in (ITEM_BYTES, 100, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return photos


def keep_in_need(store: Store) -> None:
    """A withdrawal isn't kept on a full disk, and is with the room that was put by."""

    def withdraw() -> None:
        store.consents.withdraw("record", now_ms=20)

    try:
        withdraw()
    except StoreFull:
        pass
    else:
        raise AssertionError("the disk isn't full")
    assert store.consents.holds("record")
    store.in_need(withdraw)
    assert not store.consents.holds("record")
    print("kept in need")


def main(data: Path) -> None:
    ballast = data / "pictures"
    ballast.write_bytes(bytes(BALLAST_BYTES))
    keys = FileKeyStore(data)
    store = open_store(data, keys)
    fill(store)
    before = store.outbox.waiting()
    held = fill_up(store)
    assert held > 0
    photos = fill_every_byte(data)
    keep_in_need(store)
    store.close()

    store = open_store(data, keys)
    assert store.outbox.waiting() == before + held
    assert not store.consents.holds("record")
    assert not store.reserve.spend(), "a full phone has no room to put by"
    photos.unlink()
    ballast.unlink()
    queue(store, held)
    assert store.outbox.waiting() == before + held + 1
    store.close()
    print(f"held {held}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
