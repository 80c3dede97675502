"""The page draws the machine that the firmware obeys."""

from firmware_bridge.emulator.control.machine import machine
from firmware_bridge.emulator.firmware.states import TABLE, Choice
from shared.wire.status import DeviceState


def test_every_change_that_the_table_allows_is_an_edge_and_no_other() -> None:
    drawn = {(edge.before, edge.after, event) for edge in machine().edges for event in edge.events}
    allowed = {
        (before.name, after.name, event.name)
        for event, cells in TABLE.items()
        for before, cell in cells.items()
        for after in cell.targets
        if after is not before
    }
    assert drawn == allowed


def test_refusals_are_those_of_the_table() -> None:
    assert set(machine().states) == set(DeviceState.__members__)
    assert "ARM" in machine().refused["PAUSED"]
    for name, events in machine().refused.items():
        for event, cells in TABLE.items():
            refuses = cells[DeviceState[name]].choice is Choice.REFUSED
            assert (event.name in events) is refuses
