"""The device's table of states, as docs/protocol.md prints it, from the table that it obeys."""

from __future__ import annotations

from firmware_bridge.emulator.firmware.states import COLUMNS, TABLE, Cell, Choice, Event, Happening
from shared.wire import operations
from shared.wire.operations import Operation
from shared.wire.status import DeviceState

_LETTERS = {state: letter for letter, state in COLUMNS.items()}
_AUTHORITIES = {
    operations.Authority.LINK: "link",
    operations.Authority.SIGNED: "signed",
    operations.Authority.SESSION_MAC: "session MAC",
}


def words(state: DeviceState) -> str:
    """Return a state's name as the document writes it."""
    return state.name.lower().replace("_", " ")


def permitted_states(operation: Operation) -> str:
    """Return in which states an operation is taken; in others it is refused or means nothing."""
    row = TABLE[operation]
    taken = [state for state, cell in row.items() if cell.choice is Choice.TAKEN]
    if len(taken) == len(row):
        return "any"
    named = ", ".join(words(state) for state in taken)
    refused = any(cell.choice is Choice.REFUSED for cell in row.values())
    return named if refused else f"any; acts in {named}"


def state_table() -> str:
    """Return the legend and the table: one row an event, one column a state."""
    legend = ", ".join(f"{letter} {words(state)}" for letter, state in COLUMNS.items())
    heads = ["event", "authority", *COLUMNS, "refusal"]
    lines = [heads, ["---"] * len(heads), *(_row(event) for event in TABLE)]
    body = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"States: {legend}.\n\n{body}"


def _row(event: Event) -> list[str]:
    cells = TABLE[event]
    refusals = {cell.refusal for cell in cells.values() if cell.refusal}
    named = f"`{event.name}`"
    return [named, _authority(event), *map(_cell, cells.values()), ", ".join(sorted(refusals))]


def _authority(event: Event) -> str:
    if isinstance(event, Happening):
        return "-"
    return _AUTHORITIES[operations.TABLE[event].authority]


def _cell(cell: Cell) -> str:
    if cell.choice is Choice.NOTHING:
        return "·"
    if cell.choice is Choice.REFUSED:
        return "no"
    letters = "".join(_LETTERS[state] for state in COLUMNS.values() if state in cell.targets)
    return f"→ {letters}" if letters else "yes"
