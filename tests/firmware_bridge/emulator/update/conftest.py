"""Bands that boot by their bootloader: as they left the maker, and ready to be armed."""

import pytest

from tests.firmware_bridge.emulator.update.updating_band import UpdatingBand


@pytest.fixture
def new_band() -> UpdatingBand:
    """A band that belongs to nobody."""
    return UpdatingBand()


@pytest.fixture
def band(new_band: UpdatingBand) -> UpdatingBand:
    """A band that waits for arming only."""
    new_band.ready()
    return new_band
