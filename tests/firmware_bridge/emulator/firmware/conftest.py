"""A band on the bench: provisioned, prescribed, cleared and screened, or as it left the maker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.firmware_bridge.emulator.firmware.band import Band


@pytest.fixture
def new_band(tmp_path: Path) -> Band:
    """A band that belongs to nobody."""
    return Band(tmp_path / "band")


@pytest.fixture
def owned_band(new_band: Band) -> Band:
    """A band of the clinic, its clock set, its app enrolled, without a prescription."""
    new_band.provision()
    return new_band


@pytest.fixture
def band(new_band: Band) -> Band:
    """A band that waits for arming only."""
    new_band.ready()
    return new_band
