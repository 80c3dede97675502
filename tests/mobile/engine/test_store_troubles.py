"""A store that can't be used is said on a screen of its own, with the way out of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from mobile.platform import FileKeyStore
from mobile.presenters.actions import Press
from mobile.presenters.views import MessageView, TodayView, WelcomeView
from mobile.store import open_store
from mobile.store.database import FILE_NAME
from tests.mobile.engine.world import whole_day


def damage(path: Path) -> bytes:
    data = bytearray(path.read_bytes())
    data[4096:4160] = b"\xa5" * 64
    path.write_bytes(data)
    return bytes(data)


async def test_damaged_store_is_put_aside_when_the_person_says_so(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as day:
        await day.enrol_and_pair()
        await day.end_phone()
        path = day.folder / "phone" / FILE_NAME
        damaged = damage(path)
        day.views.clear()
        day.begin_phone()

        said = await day.see(MessageView)
        assert "You did nothing wrong" in said.body
        assert path.read_bytes() == damaged, "nothing is put aside before the person says so"
        assert said.button_action is not None
        day.act(Press(said.button_action))

        await day.see(WelcomeView)
        assert (path.parent / f"{FILE_NAME}.unreadable-1").read_bytes() == damaged


async def test_store_of_a_newer_app_is_left_alone_and_opens_after_the_update(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as day:
        await day.enrol_and_pair()
        await day.end_phone()
        set_revision(day.folder / "phone", "0099")
        day.views.clear()
        day.begin_phone()

        said = await day.see(MessageView)
        assert "Update the app" in said.body
        set_revision(day.folder / "phone", "0002")
        assert said.button_action is not None
        day.act(Press(said.button_action))
        await day.see(TodayView)
        await day.until(lambda: day.life.context.is_linked)


async def test_data_key_that_was_left_half_changed_is_changed_at_the_next_start(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as day:
        await day.enrol_and_pair()
        await day.end_phone()
        phone = day.folder / "phone"
        store = open_store(phone, FileKeyStore(phone))
        store.rotation.begin(now_ms=0)
        store.rotation.step(1)
        store.close()

        day.views.clear()
        day.begin_phone()
        await day.see(TodayView)
        rotation = day.life.context.store.rotation
        await day.until(lambda: not rotation.is_due(now_ms=0))
        await day.until(lambda: day.life.context.is_linked)


def set_revision(phone: Path, revision: str) -> None:
    with closing(sqlite3.connect(phone / FILE_NAME)) as file, file:
        file.execute("UPDATE alembic_version SET version_num = ?", [revision])
