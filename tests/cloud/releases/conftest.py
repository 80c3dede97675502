"""A clinic of three bands, for releases to go out to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.worlds import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path, devices=3, vaults=3)
    yield made
    made.database.close()
