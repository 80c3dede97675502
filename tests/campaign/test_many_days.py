"""The random days of test_random_days, many more of them: too long for `make test`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.chaos import Campaign
from tests.campaign.test_random_days import ACTIONS, ONE_A_DAY
from tests.firmware_bridge.emulator.firmware.band import Band

SEEDS = range(1_001, 1_121)


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_the_dose_holds_through_many_days(tmp_path: Path, seed: int) -> None:
    campaign = Campaign(Band(tmp_path / "band"), ONE_A_DAY, seed)
    campaign.live(ACTIONS)
    assert len(campaign.seen) > 10
