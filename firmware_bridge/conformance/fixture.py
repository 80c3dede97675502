"""pytest's fixture for an emulated band: `circlet_band`, a process of its own for each test.

Installed with the package as a pytest plugin; docs/conformance.md shows another project's use.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from firmware_bridge.conformance.emulated import EmulatedBand


@pytest.fixture
def circlet_band(tmp_path: Path) -> Iterator[EmulatedBand]:
    """A band of nobody's on a virtual radio: addresses, control surface, keys."""
    # Imports late: a plugin is loaded by every run of pytest, whether it wants a band or not.
    from firmware_bridge.conformance.emulated import emulated_band

    with emulated_band(tmp_path / "circlet-band") as band:
        yield band
