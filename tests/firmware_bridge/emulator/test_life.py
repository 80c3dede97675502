"""The band goes down and comes up within one process, seen by the app's link over the radio."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from firmware_bridge.emulator.boots import Boot, Cause, Down
from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.life import only_firmware
from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.profile.figures import CORTEX_M4
from firmware_bridge.link import LinkError, StimulatorClient
from tests.firmware_bridge.emulator.living import living
from tests.firmware_bridge.emulator.world import WITHIN_S


async def test_phone_loses_the_link_at_a_reboot_and_comes_back_by_its_bond(tmp_path: Path) -> None:
    async with living(tmp_path) as here, asyncio.timeout(WITHIN_S):
        address = await here.pair()
        keeping = asyncio.create_task(here.connection.keep(address))
        before = here.life.core
        here.life.reboot(Cause.WATCHDOG)
        assert await here.until_boot(2) is Cause.WATCHDOG
        assert here.life.core is not before
        await here.connection.until_ready(60_000)
        assert (await here.client.hello()).protocol_version
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def test_power_cut_within_a_write_reboots_and_the_page_is_as_before(tmp_path: Path) -> None:
    async with living(tmp_path) as here:
        flash = here.life.board.flash
        flash.write_page("probe", b"before")
        await here.pair()
        flash.chip.cut_after(10)
        here.life.shell.core.advance = lambda elapsed_ms: flash.write_page("probe", b"after" * 9)  # type: ignore[method-assign]
        assert await here.until_boot(2) is Cause.POWER_CUT
        assert flash.read_page("probe") == b"before"


async def test_every_boot_takes_the_time_of_its_profile(tmp_path: Path) -> None:
    async with living(tmp_path, profile=CORTEX_M4) as here, asyncio.timeout(WITHIN_S):
        address = await here.pair()
        keeping = asyncio.create_task(here.connection.keep(address))
        here.life.reboot(Cause.WATCHDOG)
        assert await here.until_boot(2) is Cause.WATCHDOG
        await here.connection.until_ready(60_000)
        asked_ms = here.connection.clock.elapsed_ms()
        await here.client.hello()
        taken_ms = here.connection.clock.elapsed_ms() - asked_ms
        assert taken_ms >= CORTEX_M4.connection_interval_ms
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def test_what_has_no_supply_is_lost_and_what_has_goes_on(tmp_path: Path) -> None:
    async with living(tmp_path) as here:
        board = here.life.board
        board.sensors.change(contact=False)
        board.clock.mark_trusted()
        board.coil.load(3)
        count_ms = board.clock.read().count_ms
        here.life.reboot(Cause.BROWN_OUT, off_ms=2_000)
        assert await here.until_boot(2) is Cause.BROWN_OUT
        assert (board.coil.countdown, board.coil.charged) == (0, False)
        assert board.clock.read().unbroken
        assert board.clock.read().count_ms >= count_ms + 2_000
        assert not board.sensors.read().contact


async def test_firmware_of_a_boot_that_is_over_is_told_nothing_more(tmp_path: Path) -> None:
    async with living(tmp_path) as here:
        shell = here.life.shell
        here.life.reboot(Cause.RESTART)
        await here.until_boot(2)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(shell.core, "advance", _never)
            patch.setattr(shell.core, "button", _never)
            shell.catch_up()
            await shell.press()


async def test_bootloader_chooses_the_firmware_and_may_end_a_boot_before_it_began(
    tmp_path: Path,
) -> None:
    def bootloader(board: Board, boot: Boot) -> FirmwareCore:
        if boot.cause is Cause.RESTART:
            raise Down(Cause.WATCHDOG)
        core = Firmware(board.parts)
        core.firmware_version = f"boot-{boot.number}"
        return core

    async with living(tmp_path, bootloader) as here:
        here.life.reboot(Cause.RESTART)
        assert await here.until_boot(3) is Cause.WATCHDOG
        assert here.life.core.firmware_version == "boot-3"
        await here.pair()
        assert (await here.client.hello()).firmware == "boot-3"


async def test_error_of_the_firmware_still_ends_the_band(tmp_path: Path) -> None:
    def broken(board: Board, boot: Boot) -> FirmwareCore:
        core = only_firmware(board, boot)
        if boot.number == 2:
            core.boot = _never  # type: ignore[method-assign]
        return core

    async with AsyncExitStack() as leaving:
        here = await leaving.enter_async_context(living(tmp_path, broken))
        here.life.reboot(Cause.WATCHDOG)
        with pytest.raises(BaseExceptionGroup) as raised:
            await asyncio.wait_for(here.running, WITHIN_S)
        assert raised.group_contains(LookupError)


async def test_ten_reboots_leave_no_task_behind(tmp_path: Path) -> None:
    async with living(tmp_path) as here:
        await here.until_boot(1)
        before = len(asyncio.all_tasks())
        for number in range(2, 12):
            here.life.reboot(Cause.WATCHDOG)
            await here.until_boot(number)
        assert len(asyncio.all_tasks()) <= before + 1


async def test_link_that_is_up_ends_with_the_power(tmp_path: Path) -> None:
    async with living(tmp_path) as here, asyncio.timeout(WITHIN_S):
        await here.pair()
        here.life.reboot(Cause.BROWN_OUT, off_ms=60_000)
        with pytest.raises(LinkError):
            await _speak_on(here.client)


def _never(*_: object) -> None:
    raise LookupError("a bug in the firmware")


async def _speak_on(client: StimulatorClient) -> None:
    while True:
        await client.hello()
