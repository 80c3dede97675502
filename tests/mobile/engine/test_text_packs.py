"""Text packs on the phone: taken with the next exchange, asked in, and said with each answer."""

from __future__ import annotations

from pathlib import Path

from mobile.presenters.actions import Choose, Press
from mobile.presenters.checkin import SEND
from shared.instruments.forms import phq9
from shared.wire import fields
from shared.wire.items import DownKind
from tests.mobile.engine.checking_in import see_page
from tests.mobile.engine.test_checkins import sent_moods
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import Clinic
from tests.shared.instruments.test_packs import pack_of, signed


async def give(world: World, *, serial: int, lead: str, clinic: Clinic | None = None) -> None:
    pack = pack_of(language="en", serial=serial, lead=lead, name="The nine questions")
    body = fields.pack(signed(pack, clinic or world.server.clinic))
    world.server.put(DownKind.TEXT_PACK, body)
    await world.drive("sync")


async def question(world: World) -> str:
    world.act(Press("check-in"))
    view = await see_page(world, "check-in", "phq9-1")
    world.act(Press("home"))
    return repr(view)


async def test_the_clinics_words_are_asked_labelled_and_sent_with_their_serial(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await give(world, serial=4, lead="How often lately")
        world.act(Press("check-in"))
        for item in phq9().items[:-1]:
            await see_page(world, "check-in", item.id)
            world.act(Choose("0", item.id))
        view = await see_page(world, "check-in", "phq9-9")
        world.act(Choose("0", "phq9-9"))
        assert "How often lately phq9-9?" in repr(view.blocks)
        assert "PHQ-9, official wording" in repr(view.blocks)
        assert view.title == "The nine questions"
        await see_page(world, "check-in", "review")
        world.act(Press(SEND))
        done = await see_page(world, "check-in-done")
        assert "PHQ-9, official wording" in repr(done.blocks)
        assert "not validated" not in repr(done.blocks)
        await world.drive("sync")
        (sent,) = sent_moods(world)
        assert (sent.version, sent.pack_serial, sent.language) == (4, 4, "en")


async def test_only_a_newer_pack_of_this_clinic_takes_anothers_place(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await give(world, serial=4, lead="The fourth")
        await give(world, serial=3, lead="The third")
        await give(world, serial=9, lead="A stranger's", clinic=Clinic())
        assert "The fourth" in await question(world)
        await give(world, serial=5, lead="The fifth")
        assert "The fifth" in await question(world)
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        await world.until(lambda: bool(world.views))
        assert "The fifth" in await question(world)
