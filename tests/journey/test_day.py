"""The whole first day, every part a real process: what `make demo` walks, as a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journey.day import open_day, whole_day
from tests.journey.demo import PICTURES_LEAST
from tests.journey.report import Report
from tests.journey.stage import forget_surroundings


@pytest.mark.timeout(400)
async def test_a_patients_first_day_on_real_parts(tmp_path: Path) -> None:
    forget_surroundings()
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    report = Report(pictures, quiet=True)
    async with open_day(tmp_path / "parts", report) as day:
        await whole_day(day)
        parts = list(day.stage.parts.values())
    assert report.failures == []
    assert len(report.refusals) == 4
    assert report.picture_count >= PICTURES_LEAST
    assert report.pictures_missing() == []
    assert [part.name for part in parts if part.running] == []
