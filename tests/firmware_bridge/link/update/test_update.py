"""An update over the link, from the file to the band's own word, against a whole band."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.face.interference import Harm
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.trial import CONFIRM_AFTER_MS
from firmware_bridge.emulator.parts.chip import BLOCK_BYTES, PAGE_BYTES
from firmware_bridge.emulator.profile.figures import CORTEX_M4, DESKTOP, Profile
from firmware_bridge.emulator.update.bootloader import boot_image
from firmware_bridge.emulator.update.slots import SCRATCH
from firmware_bridge.link import (
    AttributeRefused,
    BluetoothUnavailable,
    LinkError,
    LinkTimeout,
    TransferBroken,
)
from firmware_bridge.link.update import (
    BandImages,
    Confirmed,
    Outcome,
    Progress,
    Refused,
    RolledBack,
    Stage,
    Update,
    broken_off,
)
from shared.firmware.image import Version
from shared.firmware.manifest import Behaviour
from shared.firmware.refusals import UpdateRefusal
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.living import Scene, living
from tests.firmware_bridge.emulator.world import made_identity
from tests.shared.firmware.releases import Maker

WITHIN_S = 60
SIZED = random.Random(7).randbytes(20_000)


@dataclass
class Phone:
    scene: Scene
    maker: Maker
    told: list[Progress] = field(default_factory=list)

    async def update(self, image: bytes) -> Outcome:
        async with asyncio.timeout(WITHIN_S):
            return await Update(self.scene.connection, tell=self.told.append).run(image)

    async def look(self) -> BandImages:
        return await Update(self.scene.connection).look()

    async def drop_once_sent(self, least_bytes: int) -> bool:
        """Break the link once so much was told as sent."""
        while not any(progress.sent_bytes >= least_bytes for progress in self.told):
            await self.scene.connection.clock.sleep_ms(1)
        return await self.scene.life.face.drop()


@asynccontextmanager
async def phone(folder: Path, profile: Profile = DESKTOP) -> AsyncIterator[Phone]:
    maker = Maker()
    identity = replace(made_identity(), manufacturer=maker.root.public_key)
    async with living(folder, boot_image, identity, profile) as scene:
        address = await scene.pair()
        keeping = asyncio.create_task(scene.connection.keep(address))
        try:
            yield Phone(scene, maker)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


async def test_update_is_sent_tried_and_kept(tmp_path: Path) -> None:
    async with phone(tmp_path) as here:
        outcome = await here.update(here.maker.image(filler=SIZED))
        assert outcome == Confirmed("1.1.0")
        assert (await here.scene.client.hello()).firmware == "1.1.0"
        stages = list(dict.fromkeys(progress.stage for progress in here.told))
        assert stages == list(Stage)


async def test_update_that_never_confirms_goes_back_by_itself(tmp_path: Path) -> None:
    async with phone(tmp_path) as here:
        image = here.maker.image(behaviour=Behaviour.NEVER_CONFIRMS)
        assert await here.update(image) == RolledBack("1.0.0-demo")
        causes = [boot.cause for boot in here.scene.life.boots]
        assert causes == [Cause.POWER_ON, Cause.RESTART, Cause.WATCHDOG]


async def test_update_that_crashes_at_boot_goes_back_by_itself(tmp_path: Path) -> None:
    async with phone(tmp_path) as here:
        assert await here.update(here.maker.image()) == Confirmed("1.1.0")
        crashing = here.maker.image(Version(1, 2, 0), Behaviour.CRASHES_AT_BOOT)
        assert await here.update(crashing) == RolledBack("1.1.0")
        assert (await here.scene.client.hello()).firmware == "1.1.0"


async def test_update_goes_on_where_it_was_when_the_link_breaks(tmp_path: Path) -> None:
    async with phone(tmp_path) as here:
        breaking = asyncio.create_task(here.drop_once_sent(6_000))
        assert await here.update(here.maker.image(filler=SIZED)) == Confirmed("1.1.0")
        assert await breaking
        assert_never_sent_again(here.told, lost_bytes=0)


async def test_update_goes_on_at_the_last_whole_block_when_the_power_goes(tmp_path: Path) -> None:
    async with phone(tmp_path) as here:
        here.scene.life.board.flash.chip.cut_after(10_000)
        assert await here.update(here.maker.image(filler=SIZED)) == Confirmed("1.1.0")
        assert Cause.POWER_CUT in [boot.cause for boot in here.scene.life.boots]
        assert_never_sent_again(here.told, lost_bytes=BLOCK_BYTES)


async def test_microcontroller_takes_its_time_and_ends_the_same(tmp_path: Path) -> None:
    async with phone(tmp_path, CORTEX_M4) as here:
        began_ms = here.scene.connection.clock.elapsed_ms()
        assert await here.update(here.maker.image(filler=SIZED)) == Confirmed("1.1.0")
        pages_ms = len(SIZED) // PAGE_BYTES * CORTEX_M4.program_us // 1_000
        least_ms = 2 * CORTEX_M4.verify_ms + pages_ms + CONFIRM_AFTER_MS
        assert here.scene.connection.clock.elapsed_ms() - began_ms > least_ms


@pytest.mark.parametrize("harm", [Harm.DOUBLE, pytest.param(Harm.CORRUPT, marks=pytest.mark.long)])
async def test_values_that_come_twice_or_changed_end_the_same(tmp_path: Path, harm: Harm) -> None:
    async with phone(tmp_path) as here:
        here.scene.life.interference.harm(harm, 5)
        assert await here.update(here.maker.image(filler=SIZED)) == Confirmed("1.1.0")
        assert here.scene.life.interference.left(harm) == 0


async def test_same_update_once_more_changes_nothing(tmp_path: Path) -> None:
    async with phone(tmp_path) as here:
        image = here.maker.image()
        assert await here.update(image) == Confirmed("1.1.0")
        boots = len(here.scene.life.boots)
        assert await here.update(image) == Confirmed("1.1.0")
        assert len(here.scene.life.boots) == boots


async def test_refusals_reach_the_phone_in_words(tmp_path: Path) -> None:
    async with phone(tmp_path) as here:
        good = here.maker.image()
        assert await here.update(good[:-1]) == Refused(UpdateRefusal.BAD_IMAGE)
        assert await here.update(Maker().image()) == Refused(UpdateRefusal.BAD_SIGNATURE)
        foreign = here.maker.image(hardware="rev-9")
        assert await here.update(foreign) == Refused(UpdateRefusal.WRONG_PRODUCT)
        here.scene.life.board.battery.set(49)
        refused = await here.update(good)
        assert refused == Refused(UpdateRefusal.BATTERY_LOW)
        assert "below 50 %" in refused.sentence
        here.scene.life.board.battery.set(50)
        assert await here.update(good) == Confirmed("1.1.0")
        older = here.maker.image(Version(1, 0, 9), security_counter=0)
        assert await here.update(older) == Refused(UpdateRefusal.DOWNGRADE)
        assert (await here.look()).running == "1.1.0"


async def test_update_that_the_bootloader_cannot_begin_is_no_failed_test(tmp_path: Path) -> None:
    async with phone(tmp_path) as here:
        here.scene.life.board.flash.chip.spoil(SCRATCH, 0)
        outcome = await here.update(here.maker.image())
        assert outcome == Refused(UpdateRefusal.FLASH_BROKEN)
        assert (await here.look()).running == "1.0.0-demo"


async def test_failed_band_says_that_it_needs_service_and_not_that_it_is_busy(
    tmp_path: Path,
) -> None:
    async with phone(tmp_path) as here:
        failed = asyncio.Event()
        here.scene.connection.watch_status(
            lambda status: failed.set() if status.state is DeviceState.FAULT else None
        )
        core = here.scene.life.core
        assert isinstance(core, Firmware)
        core.part_failed()
        async with asyncio.timeout(WITHIN_S):
            await failed.wait()
        refused = await here.update(here.maker.image())
        assert isinstance(refused, Refused)
        assert "needs service" in refused.sentence
        assert "busy" not in refused.sentence


@pytest.mark.parametrize(
    "problem",
    [LinkTimeout("connect", 60_000), TransferBroken("(1, None)"), AttributeRefused(0x0E)],
)
def test_update_broken_off_is_told_without_codes(problem: LinkError) -> None:
    said = broken_off(problem)
    assert str(problem) not in said
    assert "Send the same file again" in said


def test_update_broken_off_names_what_the_person_can_mend() -> None:
    assert broken_off(BluetoothUnavailable()).startswith(str(BluetoothUnavailable()))


def assert_never_sent_again(told: list[Progress], *, lost_bytes: int) -> None:
    """Between two reports nothing is lost but so many bytes at most, and something was."""
    held = [progress.sent_bytes for progress in told if progress.stage is Stage.SENDING]
    assert held[-1] == told[0].total_bytes
    assert min(after - before for before, after in pairwise(held)) >= -lost_bytes
