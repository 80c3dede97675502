"""A firmware release from the maker's image to the clinic's counts, by the phone's own rounds.

Nothing is stood in for: the clinic's commands, its ingest and worker, the app's engine, and a band
that writes, tries and confirms the image, over the virtual radio.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from cloud.cli import main as cloud_cli
from cloud.patients.models import Device
from cloud.releases.adding import release_of
from cloud.releases.commands import said_of
from cloud.releases.models import ReleaseTry
from firmware_bridge.emulator.update.bootloader import boot_image
from mobile.presenters.views import TodayView, View
from shared.firmware.image import Version
from shared.firmware.manifest import Behaviour
from shared.wire.records import FirmwareBody
from tests.journey.acts_stage import Acts, acts
from tests.journey.test_acts import kinds, prescribe, rest
from tests.shared.firmware.releases import Maker

FILLER = bytes(40_000)
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


class Firmware:
    """The maker, and whoever runs the clinic's server."""

    def __init__(self, stage: Acts, folder: Path) -> None:
        self._stage, self._folder = stage, folder
        self._maker = Maker(stage.world.identity.maker)
        with stage.world.database.read("demo") as session:
            self._serial = session.scalars(select(Device.serial)).one()

    async def release(self, version: Version, behaviour: Behaviour = Behaviour.STEADY) -> str:
        """Take an image of the maker's in, for the first ring: the patient's band."""
        image = self._folder / f"{version}.img"
        image.write_bytes(self._maker.image(version, behaviour, filler=FILLER))
        await self._command("add-release", "--image", str(image), "--bands", self._serial)
        return str(version)

    async def step(self, what: str, version: str) -> None:
        """Take a person's step on the console."""
        await self._command("release", what, "--version", version)

    async def _command(self, *words: str) -> None:
        world = self._stage.world
        place = ["--data", str(world.settings.data), "--identity", str(world.identity.folder)]
        await asyncio.to_thread(cloud_cli, [*words, *place])

    def standing(self, version: str) -> list[str]:
        """How the release does, as the console says it."""
        with self._stage.world.database.read("demo") as session:
            return said_of(session, release_of(session, "demo", version)).splitlines()

    def told(self, version: str) -> list[tuple[str, str]]:
        """What the phone said of its tries."""
        with self._stage.world.database.read("demo") as session:
            image_hash = release_of(session, "demo", version).image_hash
            named = ReleaseTry.image_hash == image_hash
            found = session.scalars(select(ReleaseTry).where(named)).all()
            return [(each.outcome, each.detail) for each in found]


def runs(stage: Acts) -> str:
    """The version that the band's own record names last."""
    return str(stage.records(FirmwareBody)[-1].version)


def title_of_notice(view: View) -> str:
    """What is said on the day's page; nothing elsewhere."""
    notice = view.notice if isinstance(view, TodayView) else None
    return "" if notice is None else notice.title


async def test_a_release_is_offered_fetched_installed_and_counted_and_a_halted_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.cli.configure", lambda _: None)
    async with acts(tmp_path, boot_image) as stage:
        monkeypatch.setenv("CIRCLET_CLOCK", f"127.0.0.1:{stage.phone.clock_port}")
        firmware = Firmware(stage, tmp_path)
        await prescribe(stage)
        first = await firmware.release(Version(1, 1, 0))
        await rest(stage)
        await stage.meet(lambda: firmware.told(first) == [("kept", "")], "the update")
        assert runs(stage) == first
        assert firmware.standing(first) == [
            "1.1.0: offered, ring 1 (named bands), 1 bands in it",
            "1 keep it; 0 of 1 with a fault or a failed trial, 0 of 0 on other firmware",
        ]
        assert ">1.1.0<" in await stage.get("/clinic/devices")
        said = {title_of_notice(each) for each in stage.phone.views}
        assert said >= {"The band gets an update", "The band is up to date"}
        assert len(kinds(stage)) == 1, "the rest outlasts the update"

        second = await firmware.release(Version(1, 2, 0))
        await firmware.step("halt", second)
        await stage.begin_phone_again()
        await stage.phone.drive("sync")
        assert (runs(stage), firmware.told(second)) == (first, [])

        await firmware.step("resume", second)
        await stage.begin_phone_again()
        await stage.meet(lambda: firmware.told(second) == [("kept", "")], "the resumed update")
        assert runs(stage) == second
        assert firmware.standing(first)[1].startswith("0 keep it")
        assert firmware.standing(second)[1].startswith("1 keep it")

        third = await firmware.release(Version(1, 3, 0), Behaviour.CRASHES_AT_BOOT)
        await stage.begin_phone_again()
        await stage.meet(lambda: firmware.told(third) == [("rolled-back", "")], "the way back")
        assert runs(stage) == second
        await stage.work()
        assert firmware.standing(third) == [
            "1.3.0: HALTED, ring 1 (named bands), 1 bands in it",
            "0 keep it; 1 of 1 with a fault or a failed trial, 0 of 1 on other firmware",
        ]
        stage.sign_in_again()
        assert "A firmware release was halted" in await stage.get("/alerts")
