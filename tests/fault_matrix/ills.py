"""The faults as the matrix places them: which value, for how long, and how each ends.

The faults themselves are the emulator's (`firmware_bridge.emulator.faults`); here stands what a
person or the world does about each, and where a treatment may end because of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

STAYS_S = 1e9
"""Longer than any cell: it isn't taken back."""

PAUSE_LIMIT_S = 600
"""R12; the band pairs with nobody while a session is open."""


class End(Enum):
    """Where it may lead, at worst."""

    GOES_ON = "treatment goes on by the plan"
    HELD = "the clinic looks first"
    SERVICE = "the band needs service"


@dataclass(frozen=True)
class Ill:
    """One fault of the matrix."""

    name: str
    faults: Mapping[str, Any]
    """Names of the emulator's table, with values."""
    lasts_s: float
    """Taken back so long after it struck; 0 for what happens once."""
    over: str
    """How it ends, in words."""
    worst: End = End.GOES_ON
    recovers_within_s: float = 60
    """Own figure: the longest back-off of a link that somebody waits for is 5 s, a connection
    attempt takes 15 s at most, and three of each may follow one another."""
    extra_pulses: int = 0
    """Pulses that the hardware itself fires beside what was asked."""
    ends_writing: bool = False
    """From then on the band can write nothing, and so gives back nothing that it has reserved."""


ILLS = (
    Ill("link loss", {"out_of_reach": True}, 8, "in reach again after 8 s"),
    Ill("slow link", {"slow_link": 300}, 30, "300 ms more for each value, for 30 s"),
    Ill("corrupted values", {"att_corrupt": 3}, 0, "three values, one bit each"),
    Ill("dropped values", {"att_drop": 3}, 0, "three values"),
    Ill("doubled values", {"att_double": 3}, 0, "three values"),
    Ill("reordered values", {"att_reorder": 3}, 0, "three values"),
    Ill("refused pairing", {"pairing_refused": True}, 30, "allowed again after 30 s"),
    Ill(
        "lost bond",
        {"bond_lost": True, "link_loss": True},
        0,
        "by pairing anew; with a session open, after its end",
        recovers_within_s=PAUSE_LIMIT_S + 60,
    ),
    Ill("frozen firmware", {"firmware_frozen": True}, 20, "the watchdog reboots it after 20 s"),
    Ill("watchdog reboot", {"watchdog": True}, 0, "by itself"),
    Ill("brown-out", {"brown_out": 50}, 0, "after 50 ms"),
    Ill("power cut at a flash byte", {"flash_power_cut": 10}, 0, "within the next write"),
    Ill(
        "bad flash block",
        {"flash_bad_block": None},
        STAYS_S,
        "not at all",
        End.SERVICE,
        ends_writing=True,
    ),
    Ill("full ledger", {"ledger_full": True}, 60, "room is made after 60 s", End.SERVICE),
    Ill("clock lost", {"clock_lost": True}, 0, "the phone fetches the time"),
    Ill("clock drift", {"clock_drift_ppm": 200}, STAYS_S, "200 ppm, not at all"),
    Ill("coil over-temperature", {"temperature": 45}, 60, "45 °C for 60 s"),
    Ill("contact lost", {"contact": False}, 10, "put on again after 10 s"),
    Ill("contact flickering", {"contact_flickers_ms": 200}, 20, "every 200 ms, for 20 s"),
    Ill("position off", {"position_ok": False}, 10, "moved back after 10 s"),
    Ill("motion as in a seizure", {"seizure": True}, 10, "after 10 s", End.HELD),
    Ill("stuck button", {"button_stuck": True}, 30, "comes loose after 30 s"),
    Ill("charger plugged in", {"charger_plugged_in": True}, 30, "pulled out after 30 s"),
    Ill("battery at 5 %", {"battery_percent": 5}, 120, "charged after 2 min"),
    Ill("self-test failure", {"self_test_fails": True}, STAYS_S, "not at all", End.SERVICE),
    Ill("one pulse fewer", {"pulse_missing": 1}, 0, "happens once", End.SERVICE),
    Ill("one pulse more", {"pulse_extra": 1}, 0, "happens once", End.SERVICE, extra_pulses=1),
    Ill("bad signature in a head", {"signature_bad": 1}, 0, "the next signature only"),
)
