"""Somebody close, on the phone: invited, told on, and taken back without claiming what isn't so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mobile.engine import close_by_book
from mobile.presenters.actions import Choose, Press, Typed
from mobile.presenters.close_by import NAME_FIELD, SHOWN
from shared.care.caregiver import (
    CaregiverNews,
    CaregiverWord,
    Shown,
    name_context,
    verifier_of,
)
from shared.trust import sign1
from shared.trust.letter_codes import read_code
from shared.trust.sealing import open_sealed
from shared.wire import fields
from shared.wire.items import DownKind
from tests.mobile.engine.going import open_place, restart
from tests.mobile.engine.test_messages import page
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import PATIENT_ID

PAGES = "https://clinic.example"


def words(world: World) -> list[CaregiverWord]:
    """What the clinic has heard, oldest first, each signed by this app."""
    context = world.life.context
    found = [
        sign1.verify(
            CaregiverWord,
            body,
            audience=world.server.clinic.clinic_id,
            key=context.app_key.public_key,
        )
        for kind, body in world.server.accepted.values()
        if kind == "caregiver"
    ]
    return sorted(found, key=lambda each: each.said_ms)


def tell(world: World, word: CaregiverWord, *, joined: bool = False, ended: bool = False) -> None:
    """Let the clinic say how it stands."""
    at_ms = world.server.now_ms()
    news = CaregiverNews(
        word.caregiver_id,
        word.said_ms,
        word.shown,
        PAGES,
        at_ms if joined else 0,
        at_ms if ended else 0,
        by_clinic=ended,
    )
    world.server.put(DownKind.CAREGIVER, fields.pack(news))
    world.life.context.wake()


async def invite(world: World) -> CaregiverWord:
    """From the settings to an invitation that the clinic has."""
    await open_place(world, "settings", "caregiver", "close-by")
    world.act(Press("invite"))
    await page(world, "close-by-choose", "Something is missing")
    world.act(Typed(NAME_FIELD, "  Ada   Berg "))
    for each in (Shown.ATTENTION, Shown.SESSIONS):
        world.act(Choose(str(int(each)), SHOWN))
    world.act(Press("invite"))
    await page(world, "close-by", "Ada Berg is invited")
    await world.until(lambda: bool(words(world)))
    return words(world)[0]


async def test_invited_told_on_changed_and_taken_back(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        first = await invite(world)
        assert first.shown == (Shown.SESSIONS, Shown.ATTENTION)
        sealed = open_sealed(first.name, key=world.server.care, context=name_context(PATIENT_ID))
        assert sealed == b"Ada Berg"
        tell(world, first)
        view = await page(world, "close-by", "They type this code")
        close = close_by_book.newest(world.life.context.store, world.server.clinic.clinic_id)
        assert close is not None
        code = read_code(close.code)
        assert code is not None
        assert first.invitation is not None
        assert (code.code_id, verifier_of(code)) == (
            first.invitation.code_id,
            first.invitation.verifier,
        )
        assert close.code in str(view)
        assert close.code.encode() not in b"".join(
            body for _, body in world.server.accepted.values()
        )
        world.act(Press("hand-on"))
        await page(world, "close-by", "No other app takes it here")

        tell(world, first, joined=True)
        await page(world, "close-by", "Ada Berg can see what you chose")
        world.act(Press("change"))
        world.act(Choose(str(int(Shown.SESSIONS)), SHOWN))
        world.act(Press("save"))
        await world.until(lambda: len(words(world)) == 2)
        assert words(world)[1].shown == (Shown.ATTENTION,)

        world.server.is_down = True
        world.act(Press("ask-withdraw"))
        await page(world, "close-by-ask", "signed out at once")
        world.act(Press("withdraw"))
        view = await page(world, "close-by-still", "Not sent yet: Ada Berg still sees it")
        assert "sees nothing any more" not in str(view)
        view = await restart(world, "close-by-still")
        assert "Not sent yet: Ada Berg still sees it" in str(view)
        world.server.is_down = False
        world.life.context.wake()
        await page(world, "close-by-choose", "Ada Berg sees nothing any more")
        last = words(world)[-1]
        assert (last.ended, last.shown, last.invitation) == (True, (), None)


@pytest.mark.long
async def test_the_clinic_ended_it_and_a_full_phone_says_that_nobody_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        first = await invite(world)
        outbox = world.life.context.store.outbox

        def full(*_: object, **__: object) -> int:
            raise OSError(28, "no space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(outbox, "queue", full)
            world.act(Press("ask-withdraw"))
            world.act(Press("withdraw"))
            await page(world, "close-by", "Your wish isn't kept")
        world.act(Press("back"))
        await page(world, "close-by", "Ada Berg is invited")
        tell(world, first, ended=True)
        await page(world, "close-by-choose", "Your clinic ended it")


@pytest.mark.long
async def test_another_phone_of_the_patient_learns_of_it_and_takes_it_back(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        news = CaregiverNews(bytes(16), 7, (Shown.NEXT,), PAGES, 8, 0, False, "Ada Berg")
        world.server.put(DownKind.CAREGIVER, fields.pack(replace(news, name="")))
        world.server.put(DownKind.CAREGIVER, fields.pack(news))
        world.life.context.wake()
        await open_place(world, "settings", "caregiver", "close-by")
        view = await page(world, "close-by", "Ada Berg can see what you chose")
        assert "They type this code" not in str(view)
        world.act(Press("ask-withdraw"))
        world.act(Press("withdraw"))
        await world.until(lambda: bool(words(world)))
        (word,) = words(world)
        assert (word.caregiver_id, word.ended, word.said_ms > 7) == (bytes(16), True, True)
