"""A band that belongs to nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.firmware_bridge.emulator.firmware.band import Band


@pytest.fixture
def new_band(tmp_path: Path) -> Band:
    """As it left the maker."""
    return Band(tmp_path / "band")
