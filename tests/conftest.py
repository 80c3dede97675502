"""What holds for every test: how Hypothesis searches, and what Python's memory is searched for.

The same examples in each run and no judgement by speed, so that a slow or busy machine fails no
promise; ``--hypothesis-profile=fresh`` looks elsewhere in each run.

Thousands of tests and the modules that they import stay to the end. They are read without a search
for what could be freed, and no later search goes through them again.
"""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "fresh", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda each: each.get_closest_marker("early") is None)
