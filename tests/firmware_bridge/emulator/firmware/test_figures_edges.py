"""Every figure of the core is the one that docs and clinics know; none changes in passing."""

from __future__ import annotations

from pathlib import Path

from firmware_bridge.emulator import firmware
from tests.firmware_bridge.emulator.firmware.figure_table import MODULES, TABLE, lines


def test_every_figure_is_the_one_written_down() -> None:
    assert "\n".join(lines()) == TABLE.read_text().rstrip("\n")


def test_no_module_of_the_core_is_without_its_figures() -> None:
    files = Path(firmware.__file__ or "").parent.glob("*.py")
    stems = {file.stem for file in files} - {"__init__"}
    assert {module.__name__.rpartition(".")[2] for module in MODULES} == stems
