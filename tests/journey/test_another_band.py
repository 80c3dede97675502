"""Another band in mid-course, every part a real process: pages, desk, app and two emulators."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journey.change_of_bands import change_bands
from tests.journey.day import open_day, up_to_a_session
from tests.journey.report import Report
from tests.journey.stage import forget_surroundings


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_a_course_goes_on_with_another_band_and_nobody_gets_more_than_was_signed(
    tmp_path: Path,
) -> None:
    forget_surroundings()
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    report = Report(pictures, quiet=True)
    async with open_day(tmp_path / "parts", report) as day:
        await up_to_a_session(day)
        await change_bands(day)
    assert report.failures == []
    assert report.pictures_missing() == []
