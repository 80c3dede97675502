"""Writes the tables of docs/hardware.md from the emulated parts and the ledger's formula.

`python -m scripts.hardware_tables` prints them; with `--write` it puts each between its marks in
the document. What a board must bring, and why, stands around them, by hand.
"""

from collections.abc import Iterator

from firmware_bridge.emulator.firmware import ledger_room, overwritten
from firmware_bridge.emulator.firmware.checkpoints import CHECKPOINT_EVERY_RECORDS
from firmware_bridge.emulator.parts import battery, chip, frames, heat, profiles, sensors, slots
from firmware_bridge.emulator.parts.flash import DEFAULT_ROOM_BYTES
from scripts.marked_tables import TREE, filled_with, write_or_print
from scripts.protocol_fields import table
from shared.stimulation.catalogue import catalogue
from shared.wire.records import MAXIMUM_RECORD_BYTES

DOCUMENT = TREE / "docs/hardware.md"


def room_table() -> str:
    """How much record 200 sessions of the worst protocol are, and what the emulator has for it."""
    name, most = ledger_room.worst()
    frame_bytes = MAXIMUM_RECORD_BYTES + frames.FRAME_BYTES
    rows = [
        ["most records of a session", f"{most:,}", f"`{name}`"],
        [
            "records to hold",
            f"{ledger_room.capacity():,}",
            f"{ledger_room.SESSIONS_KEPT} x {most} + {ledger_room.SPARE_RECORDS}",
        ],
        [
            "bytes of them at most",
            f"{ledger_room.capacity() * MAXIMUM_RECORD_BYTES:,}",
            f"{MAXIMUM_RECORD_BYTES} each",
        ],
        [
            "bytes with frames at most",
            f"{ledger_room.capacity() * frame_bytes:,}",
            f"{frame_bytes} each in the emulator",
        ],
        ["bytes of the emulated log", f"{DEFAULT_ROOM_BYTES:,}", "own figure"],
    ]
    return table(["what", "figure", "how"], rows)


def protocols_table() -> str:
    """What one session of each protocol writes."""
    entries = sorted(catalogue().entries, key=ledger_room.records_of, reverse=True)
    rows = [[f"`{entry.id}`", f"{ledger_room.records_of(entry):,}"] for entry in entries]
    return table(["protocol", "records of a session at most"], rows)


def flash_table() -> str:
    """The emulated flash's properties."""
    rows = [
        ["erase block", f"{chip.BLOCK_BYTES:,} bytes", "only a whole one is erased"],
        ["page", f"{chip.PAGE_BYTES} bytes", "write order is guaranteed within one only"],
        ["erasures of a block", f"{chip.WEAR_LIMIT_ERASES:,}", "one more is refused"],
        ["largest named page", f"{slots.PAGE_LIMIT_BYTES:,} bytes", "in each of its two slots"],
        ["checkpoint", f"every {CHECKPOINT_EVERY_RECORDS} records", "and at every session's close"],
        ["session summaries", f"{overwritten.SUMMARIES_KEPT:,}", "then rolled up by course"],
        [
            "overwritten at the earliest",
            f"after {ledger_room.KEPT_FOR_MS // 86_400_000} days",
            "of proven time, with a receipt, and only for room",
        ],
    ]
    return table(["what", "figure", "meaning"], rows)


def physics_table() -> str:
    """The world's figures, every one of them this product's own choice."""
    return table(["what", "figure"], list(_physics()))


def coils_table() -> str:
    """Every coil that an emulated device may carry."""
    rows = [
        [
            f"`{profile.coil}`",
            f"{profile.heat_per_pulse_mk / 1000:g} K",
            f"{profile.cooling_time_s:,} s",
            f"{profile.motion_limit_mg:,} mg",
        ]
        for profile in profiles.PROFILES.values()
    ]
    return table(["coil", "heat of a pulse", "cooling", "motion limit"], rows)


def _physics() -> Iterator[list[str]]:
    yield ["the air", f"{heat.AMBIENT_C:g} °C"]
    drain = battery.DRAIN_PERCENT_PER_PULSE_AT_FULL_OUTPUT
    yield ["charge of a pulse at full output", f"{drain:g} %, less by the square of the output"]
    yield ["charge lost by time", f"{battery.DRAIN_PERCENT_PER_HOUR:g} % an hour"]
    sag = battery.SAG_PERCENT_AT_FULL_OUTPUT
    yield ["sag for 2 s after a pulse at full output", f"{sag:g} %"]
    yield ["charging between sessions", f"{battery.CHARGE_PERCENT_PER_MINUTE:g} % a minute"]
    yield ["noise of the motion sensor", f"{sensors.MOTION_NOISE_MG} mg either way"]


TABLES = {
    "room": room_table,
    "protocols": protocols_table,
    "flash": flash_table,
    "coils": coils_table,
    "physics": physics_table,
}


def filled(document: str) -> str:
    """Return the document with every table as the code has it now."""
    return filled_with(document, TABLES, "hardware_tables")


if __name__ == "__main__":
    write_or_print(DOCUMENT, TABLES, "hardware_tables")
