"""Random touches at the whole app: no exception, no dead end, and STOP always answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mobile.monkey.at_large import let_loose

SEED = 6


@pytest.mark.early
@pytest.mark.timeout(600)
async def test_a_thousand_touches_break_nothing(tmp_path: Path) -> None:
    monkey = await let_loose(tmp_path, SEED, 1_000)
    assert monkey.touches == 1_000
    assert len(monkey.seen) > 5


@pytest.mark.timeout(300)
async def test_a_session_full_of_random_touches_stops_when_told(tmp_path: Path) -> None:
    monkey = await let_loose(tmp_path, SEED, 120, in_session=True)
    assert monkey.stops > 0
