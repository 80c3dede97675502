"""The control surface of a band at rest."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.firmware_bridge.emulator.control.surfaces import (
    Client,
    RestingBand,
    Surroundings,
    surface_of,
)


@pytest.fixture
def band(tmp_path: Path) -> RestingBand:
    return RestingBand(tmp_path)


@pytest.fixture
async def served(band: RestingBand) -> AsyncIterator[Surroundings]:
    async with surface_of(band) as served:
        yield served


@pytest.fixture
def client(served: Surroundings) -> Client:
    """Somebody with the token."""
    return served.client
