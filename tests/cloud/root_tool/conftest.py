"""A clinic whose root's holder sits at an offline machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cloud.root_tool.holder import Holder


@pytest.fixture
def holder(tmp_path: Path) -> Holder:
    """Fresh roots and an empty desk."""
    return Holder.at(tmp_path)
