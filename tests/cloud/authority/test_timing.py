"""A foreign patient and none take the same time, as far as statistics can tell.

Asked in turns, so that the machine's other work falls on both; compared by a permutation test.
"""

import gc
import random
import time
from pathlib import Path
from statistics import median

import pytest
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app
from tests.cloud.authority.people import Town, make_town
from tests.cloud.authority.test_matrix import knock
from tests.cloud.worlds import World

ROUNDS = 300
SHUFFLES = 2_000
CHANCE = 0.001
"""So seldom the test is red where nothing differs."""


def test_the_comparison_finds_a_difference_and_none_where_there_is_none() -> None:
    dice = random.Random(1)
    quick = [dice.gauss(10, 2) for _ in range(ROUNDS)]
    same = [dice.gauss(10, 2) for _ in range(ROUNDS)]
    slow = [dice.gauss(11, 2) for _ in range(ROUNDS)]
    assert likelihood(quick, same) > CHANCE
    assert likelihood(quick, slow) < CHANCE


@pytest.mark.alone
@pytest.mark.long
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/patients/{patient}"), ("POST", "/patients/{patient}/holds")],
)
def test_a_foreign_patient_takes_as_long_as_none(
    world: World, tmp_path: Path, method: str, path: str
) -> None:
    town = make_town(world, tmp_path)
    with TestClient(create_app(world.settings, world.clock), follow_redirects=False) as pages:
        foreign, none = measured(pages, town, method, path)
    chance = likelihood(foreign, none)
    print(f"\n{method} {path}: {median(foreign):.2f} and {median(none):.2f} ms, p = {chance:.3f}")
    assert chance > CHANCE


def measured(
    pages: TestClient, town: Town, method: str, path: str
) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each round, for the foreign patient and for ids of nobody."""
    dice = random.Random(2)
    who = town.visitors["prescriber"]
    taken: tuple[list[float], list[float]] = ([], [])
    gc.disable()
    try:
        for _ in range(ROUNDS):
            asked = [(0, town.foreign), (1, dice.randbytes(16).hex())]
            dice.shuffle(asked)
            for which, patient in asked:
                began = time.perf_counter()
                answer = knock(pages, who, method, path, patient, {"reason": "clinician"})
                taken[which].append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 404
    finally:
        gc.enable()
    return taken


def likelihood(first: list[float], second: list[float]) -> float:
    """Return how often chance alone makes the medians differ so far: sides change in pairs."""
    dice = random.Random(3)
    seen = abs(median(first) - median(second))
    as_far = 0
    for _ in range(SHUFFLES):
        pairs = zip(first, second, strict=True)
        sides = [(a, b) if dice.random() < 0.5 else (b, a) for a, b in pairs]
        as_far += abs(median(a for a, _ in sides) - median(b for _, b in sides)) >= seen
    return (as_far + 1) / (SHUFFLES + 1)
