"""Random days, judged by the coil's log alone: never too much, too soon, or after STOP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.chaos import Campaign, Oracle
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import itbs

ONE_A_DAY = itbs()
SEEDS = range(1, 6)
ACTIONS = 120


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_the_dose_holds(tmp_path: Path, seed: int) -> None:
    campaign = Campaign(Band(tmp_path / "band"), ONE_A_DAY, seed)
    campaign.live(ACTIONS)
    assert campaign.band.fired > 0, "a campaign without a pulse shows nothing"
    assert len(campaign.seen) > 12


ms = 1000


@pytest.mark.parametrize(
    ("times_us", "sessions"),
    [
        ([0, 20 * ms, 5_000 * ms], [1, 1, 1]),
        ([0, 14_399_999 * ms], [1, 2]),
        ([index * 20 * ms for index in range(601)], [1] * 601),
        ([0, 19 * 3_600_000 * ms], [1, 2]),
    ],
    ids=["rest too short", "interval too short", "too many pulses", "too many sessions"],
)
def test_the_oracle_can_see_what_may_not_happen(times_us: list[int], sessions: list[int]) -> None:
    with pytest.raises(AssertionError):
        Oracle(ONE_A_DAY, sessions).judge(times_us)
