"""A phone killed at every step of an exchange: nothing is lost, nothing doubled, the order kept."""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import signal
from pathlib import Path

import pytest

from mobile.platform import FileKeyStore, KeyName, create_signer
from mobile.store import open_store
from mobile.store.outbox import OutboxItem
from shared.trust.keys import PublicKey
from shared.wire.items import DownKind, UpKind
from tests.mobile.sync.clinic import Clinic, encode, serving
from tests.mobile.sync.uploader import upload

FORK = multiprocessing.get_context("fork")
ITEMS = 120
DOWN = 5


def items() -> list[OutboxItem]:
    return [
        OutboxItem(f"record/{number}", UpKind.RECORD, f"body {number}".encode())
        for number in range(1, ITEMS + 1)
    ]


def waiting_for_phone() -> list[dict[str, object]]:
    return [
        {"id": f"d{cursor}", "cursor": cursor, "kind": "hold", "body": encode(b"%d" % cursor)}
        for cursor in range(1, DOWN + 1)
    ]


def full_phone(data: Path) -> PublicKey:
    """A phone whose outbox is full; return its request key."""
    keys = FileKeyStore(data)
    store = open_store(data, keys)
    store.outbox.queue(items(), now_ms=1)
    store.close()
    return create_signer(keys, KeyName.REQUEST).public_key


def run(data: Path, url: str, at: int | None) -> None:
    asyncio.run(upload(data, url, at))


def exited(data: Path, url: str, at: int | None) -> int | None:
    process = FORK.Process(target=run, args=(data, url, at))
    process.start()
    process.join(timeout=60)
    return process.exitcode


def assert_whole(clinic: Clinic, data: Path) -> None:
    """Everything came once, in order and as it was; nothing waits on either side."""
    assert list(clinic.accepted) == [item.id for item in items()]
    assert [body for _, body in clinic.accepted.values()] == [item.body for item in items()]
    store = open_store(data, FileKeyStore(data))
    assert store.outbox.waiting() == 0
    held = store.downstream.all_of(DownKind.HOLD)
    assert [(item.cursor, item.body) for item in held] == [
        (cursor, b"%d" % cursor) for cursor in range(1, DOWN + 1)
    ]
    store.close()


@pytest.mark.parametrize("stride", [4, pytest.param(1, marks=pytest.mark.long)])
def test_killed_at_any_step_the_next_start_finishes(tmp_path: Path, stride: int) -> None:
    phone = tmp_path / "phone"
    key = full_phone(phone)
    steps = 0
    while True:
        data = shutil.copytree(phone, tmp_path / f"killed-{steps}")
        with serving(Clinic(key, waiting=waiting_for_phone())) as clinic:
            code = exited(data, clinic.url, steps)
            if code == 0:
                assert_whole(clinic, data)
                break
            assert code == -signal.SIGKILL
            assert exited(data, clinic.url, None) == 0
            assert_whole(clinic, data)
        steps += stride

    # Three batches up and four downloads, each with its request and its commits.
    assert steps > 20


def test_killed_again_and_again_it_still_comes_to_its_end(tmp_path: Path) -> None:
    phone = tmp_path / "phone"
    with serving(Clinic(full_phone(phone), waiting=waiting_for_phone())) as clinic:
        killed = 0
        # Ten points on: each start gets a little further than the one before.
        while exited(phone, clinic.url, 10) == -signal.SIGKILL:
            killed += 1
            assert killed < 40, "it doesn't get any further"
        assert killed > 1
        assert_whole(clinic, phone)
