"""The page about the hardware says what the parts and the formula say."""

import re

from firmware_bridge.emulator.firmware import ledger_room
from scripts.hardware_tables import DOCUMENT, filled, room_table
from scripts.marked_tables import TREE


def test_hardware_document_is_as_the_code_is() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert document == filled(document), "run: .venv/bin/python -m scripts.hardware_tables --write"


def test_room_is_two_hundred_times_the_worst_session_and_a_spare() -> None:
    most = max(int(figure) for figure in re.findall(r"a session \| (\d+)", room_table()))
    assert ledger_room.capacity() == 200 * most + 64
    assert f"{ledger_room.capacity():,}" in room_table()


def test_every_part_of_the_page_has_its_file() -> None:
    parts = TREE / "firmware_bridge/emulator/parts"
    table = DOCUMENT.read_text("utf-8").partition("## The parts")[2].partition("## Time")[0]
    named = set(re.findall(r"`(\w+\.py)`", table))
    assert len(named) > 12
    assert named <= {path.name for path in parts.glob("*.py")}
