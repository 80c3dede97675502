"""A real window for the tests of screens. Kivy reads its environment at import: settle it first."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mobile import toolkit_env

toolkit_env.settle(
    Path(tempfile.mkdtemp(prefix="circlet-toolkit-")),
    size=toolkit_env.DEFAULT_SIZE,
    density=toolkit_env.DEFAULT_DENSITY,
    offscreen=not toolkit_env.display_present(),
)

from mobile.kit.theme import Theme  # noqa: E402
from tests.mobile.screens.running import Running, run  # noqa: E402
from tests.mobile.unseen import draw_unseen  # noqa: E402

draw_unseen()


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    async with asynccontextmanager(run)(Theme()) as started:
        yield started
