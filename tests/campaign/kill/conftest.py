"""One band, set up once by the real steps; every test treats with a copy of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio

from shared.wire.ticks import DEFAULT_STEP_MS
from tests.campaign.kill.stand import Made, Stand, Template, open_stand
from tests.shared.clinic import NOW_S

LATER_S = NOW_S + 3600
"""When the copies are switched on: after everything that the template has seen."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Pair by numeric comparison, provision, install and clear; then switch off."""
    folder = tmp_path_factory.mktemp("template")
    made, identity = Made(), folder / "identity"
    made.write_identity(identity)
    async with open_stand(folder, made, identity) as stand:
        await stand.switch_on()
        address = await stand.patient.pair(stand.band)
        await stand.patient.set_up(stand.band)
        return Template(made, identity, stand.band_state, stand.phone_bonds, address)


@pytest.fixture
async def stand(template: Template, tmp_path: Path) -> AsyncIterator[Stand]:
    """A stand with a copy of the template's band, off, and the phone that it's bonded with."""
    async with stand_of(template, tmp_path) as stand:
        yield stand


def stand_of(
    template: Template, folder: Path, *, step_ms: int = DEFAULT_STEP_MS
) -> AbstractAsyncContextManager[Stand]:
    """Open a stand for copies of the template."""
    return open_stand(
        folder,
        template.made,
        template.identity,
        started_s=LATER_S,
        step_ms=step_ms,
        phone_bonds=template.phone_bonds,
    )
