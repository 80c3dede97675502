"""What is kept in flash keeps its numbers and limits: a page is read by the next firmware too."""

from __future__ import annotations

from tests.firmware_bridge.emulator.firmware.page_table import TABLE, lines


def test_every_field_of_a_page_is_the_one_written_down() -> None:
    assert "\n".join(lines()) == TABLE.read_text().rstrip("\n")
