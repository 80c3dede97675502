"""A radio with two ports: one for a band, one for a phone."""

from collections.abc import AsyncIterator

import pytest

from firmware_bridge.radio.process import Radio, RadioPorts


@pytest.fixture
async def radio() -> AsyncIterator[Radio]:
    radio = Radio()
    yield radio
    await radio.stop()


@pytest.fixture
async def ports(radio: Radio) -> RadioPorts:
    return await radio.start([0, 0])
