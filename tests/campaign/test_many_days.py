"""The random days of test_random_days, many more of them: too long for `make test`."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.dose.prescription import Prescription
from tests.campaign.chaos import Campaign
from tests.campaign.test_random_days import ACTIONS, ONE_A_DAY, TWO_A_DAY
from tests.firmware_bridge.emulator.firmware.band import Band

SEEDS = range(1_001, 1_061)


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("prescription", [ONE_A_DAY, TWO_A_DAY], ids=["one a day", "two a day"])
def test_the_dose_holds_through_many_days(
    tmp_path: Path, prescription: Prescription, seed: int
) -> None:
    campaign = Campaign(Band(tmp_path / "band"), prescription, seed)
    campaign.live(ACTIONS)
    assert len(campaign.seen) > 10
