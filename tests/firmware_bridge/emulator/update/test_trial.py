"""A firmware on trial: locked, on the record, kept by its own test or taken back."""

import pytest

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.firmware.trial import CONFIRM_AFTER_MS
from firmware_bridge.emulator.parts.flash import LOG
from firmware_bridge.emulator.update.bootloader import NoFirmware
from firmware_bridge.emulator.update.running import TRIAL_LIMIT_MS
from firmware_bridge.emulator.update.slots import FIRST, SCRATCH
from shared.dose.reasons import ReasonCode
from shared.firmware.image import Version, read
from shared.firmware.manifest import Behaviour
from shared.wire.operations import StatusCode
from shared.wire.records import FirmwareBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.update.updating_band import UpdatingBand


def test_on_trial_the_band_is_locked_and_says_why(band: UpdatingBand) -> None:
    band.bring(band.maker.image())
    assert ReasonCode.FIRMWARE_UNCONFIRMED in band.reasons
    assert band.arm().result.reasons == (int(ReasonCode.FIRMWARE_UNCONFIRMED),)
    band.live(CONFIRM_AFTER_MS)
    assert ReasonCode.FIRMWARE_UNCONFIRMED not in band.reasons
    assert band.arm().status is StatusCode.OK


def test_trial_and_confirmation_stand_on_the_record(band: UpdatingBand) -> None:
    band.update(band.maker.image())
    assert band.bodies(FirmwareBody) == [FirmwareBody("1.1.0", False), FirmwareBody("1.1.0", True)]


def test_firmware_that_never_confirms_is_ended_and_taken_back(band: UpdatingBand) -> None:
    band.bring(band.maker.image(behaviour=Behaviour.NEVER_CONFIRMS))
    band.live(TRIAL_LIMIT_MS + 100)
    assert band.causes[-2:] == [Cause.RESTART, Cause.WATCHDOG]
    assert band.firmware.firmware_version == "1.0.0-demo"
    assert band.bodies(FirmwareBody)[-1] == FirmwareBody("1.0.0-demo", True)
    assert band.arm().status is StatusCode.OK


def test_firmware_that_crashes_at_boot_is_taken_back_before_anybody_sees_it(
    band: UpdatingBand,
) -> None:
    good = band.maker.image()
    band.update(good)
    band.bring(band.maker.image(Version(1, 2, 0), Behaviour.CRASHES_AT_BOOT))
    assert band.causes[-2:] == [Cause.RESTART, Cause.WATCHDOG]
    assert band.slots().running == read(good).hash
    assert band.arm().status is StatusCode.OK


def test_power_cut_on_trial_takes_it_back(band: UpdatingBand) -> None:
    band.bring(band.maker.image())
    band.live(CONFIRM_AFTER_MS - 100)
    band.go_down(Cause.POWER_CUT)
    assert band.slots().running is None
    assert band.firmware.ledger.firmware_confirmed


def test_firmware_whose_self_test_fails_is_taken_back(band: UpdatingBand) -> None:
    band.bring(band.maker.image())
    band.board.sensors.change(coil_temperature_c=130)
    band.live(TRIAL_LIMIT_MS + 100)
    assert band.firmware.firmware_version == "1.0.0-demo"


def test_firmware_that_cant_read_the_ledger_doesnt_keep_itself(band: UpdatingBand) -> None:
    image = band.maker.image()
    band.send(image)
    band.mark(image)
    band.board.flash.chip.flip(LOG, 40)
    band.go_down(Cause.RESTART)
    assert band.firmware.state is DeviceState.FAULT
    band.live(TRIAL_LIMIT_MS + 100)
    assert band.firmware.firmware_version == "1.0.0-demo"


def test_nobodys_band_is_updated_without_a_record(new_band: UpdatingBand) -> None:
    new_band.update(new_band.maker.image())
    assert new_band.slots().confirmed
    assert new_band.firmware.record_range() == (1, 0)
    new_band.ready()
    assert new_band.arm().status is StatusCode.OK


def test_bootloader_itself_takes_no_image_that_may_not_run(band: UpdatingBand) -> None:
    image = band.maker.image(security_counter=1)
    band.send(image)
    band.mark(image)
    band.board.security.raise_to(2)
    band.go_down(Cause.RESTART)
    assert band.slots().running is None
    assert not band.slots().waits


def test_damaged_firmware_is_never_begun(band: UpdatingBand) -> None:
    band.update(band.maker.image())
    band.board.flash.chip.flip(FIRST, 50)
    with pytest.raises(NoFirmware):
        band.go_down(Cause.RESTART)


def test_security_counter_follows_the_confirmation_and_not_the_trial(band: UpdatingBand) -> None:
    band.bring(band.maker.image(security_counter=7))
    assert band.board.security.read() == 0
    band.live(CONFIRM_AFTER_MS)
    assert band.board.security.read() == 7


def test_swap_that_meets_a_bad_block_at_its_beginning_leaves_what_ran(band: UpdatingBand) -> None:
    image = band.maker.image()
    band.update(image)
    band.board.flash.chip.wear_out(SCRATCH)
    band.bring(band.maker.image(Version(1, 2, 0)))
    assert band.slots().running == read(image).hash
    assert band.arm().status is StatusCode.OK
