"""Firmware updates from the phone's side: an image goes to the band, and what became of it.

update: `Update` sends, resumes, restarts, and watches the trial. outcome: what is told meanwhile
and at the end. requests: one request to the band's MCUmgr server after the other.
Nothing here judges an image beyond its form: the band does.
"""

from firmware_bridge.link.update.outcome import (
    BandImages,
    Confirmed,
    Outcome,
    Progress,
    Refused,
    RolledBack,
    Stage,
    Unsettled,
    broken_off,
)
from firmware_bridge.link.update.update import Update, UpdateLimits

__all__ = [
    "BandImages",
    "Confirmed",
    "Outcome",
    "Progress",
    "Refused",
    "RolledBack",
    "Stage",
    "Unsettled",
    "Update",
    "UpdateLimits",
    "broken_off",
]
