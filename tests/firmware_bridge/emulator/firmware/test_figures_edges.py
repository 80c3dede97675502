"""Every figure of the core is the one that docs and clinics know; none changes in passing."""

from __future__ import annotations

from tests.firmware_bridge.emulator.firmware.figure_table import TABLE, lines


def test_every_figure_is_the_one_written_down() -> None:
    assert "\n".join(lines()) == TABLE.read_text().rstrip("\n")
