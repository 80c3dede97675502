"""A real window. Kivy reads its environment at import: settle it first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile import toolkit_env
from mobile.language import use

toolkit_env.settle(
    Path(tempfile.mkdtemp(prefix="circlet-toolkit-")),
    size=toolkit_env.DEFAULT_SIZE,
    density=toolkit_env.DEFAULT_DENSITY,
    offscreen=not toolkit_env.display_present(),
)


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use("en")
