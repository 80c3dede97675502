"""One band for a file's tests: of nobody's, paired, and set up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from firmware_bridge.conformance.emulated import emulated_band
from tests.firmware_bridge.tool.running import Engineer

CLOCK = ("--rate", "5")


@pytest.fixture(scope="module")
def engineer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engineer]:
    with emulated_band(tmp_path_factory.mktemp("tool") / "band", clock=CLOCK) as band:
        yield Engineer(band)


@pytest.fixture(scope="module")
def paired(engineer: Engineer) -> Engineer:
    ended = engineer.run("pair")
    assert ended.status == 0, ended.err
    return engineer


@pytest.fixture(scope="module")
def ready(paired: Engineer) -> Engineer:
    ended = paired.run("demo-setup", "--keys", str(paired.band.keys_folder))
    assert ended.status == 0, ended.err
    return paired
