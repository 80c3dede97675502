"""The samples in three parts: the first is always looked at, the others by `make test-long`."""

from __future__ import annotations

import pytest

from mobile.presenters.views import View
from tests.mobile.screens.samples import SAMPLES

PARTS = 3


def part(number: int) -> dict[str, View]:
    """Return every third sample, from this one on."""
    return dict(list(SAMPLES.items())[number::PARTS])


in_thirds = pytest.mark.parametrize(
    "samples",
    [
        pytest.param(part(number), id=f"part {number + 1}", marks=[pytest.mark.long] * (number > 0))
        for number in range(PARTS)
    ],
)
"""For what walks through samples one by one and finds the same fault on many of them."""
