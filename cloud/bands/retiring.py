"""Taking a band out of use for good: it gets no patient, no code and no clearance any more.

What its record says stays; what still comes of it is taken in and verified like any other's.
"""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.orm import Session

from cloud.errors import Refused
from cloud.language import mark
from cloud.patients.models import Device

LAST_WORD = "last-word"
"""The band's own record says that it retired: nobody chooses this."""
REASONS = {
    "broken": mark("It's broken"),
    "lost": mark("It's lost"),
    "sent-back": mark("It went back to its maker"),
    "worn": mark("It's worn or too old"),
}
WHY = {**REASONS, LAST_WORD: mark("Its own record says so")}


class OfDevice(Protocol):
    """Whatever says of which of a clinic's bands it is."""

    @property
    def clinic_id(self) -> str: ...
    @property
    def device_id(self) -> bytes: ...


def retire(session: Session, about: OfDevice, why: str, *, now_ms: int) -> None:
    """Note that the band is out of use; the first reason stands."""
    device = session.get_one(Device, (about.clinic_id, about.device_id))
    if device.retired_ms is None:
        device.retired_ms, device.retired_why = now_ms, why


def retire_by_hand(session: Session, device: Device, why: str, *, now_ms: int) -> None:
    """Take a band out of use that no patient has; raise Refused for one that a patient has."""
    if why not in REASONS:
        raise Refused("Choose one of the reasons.", code="reason")
    if device.patient_id is not None:
        raise Refused("A patient has this band. Give them another one first.", code="device")
    if device.retired_ms is not None:
        raise Refused("This band is out of use already.", code="device")
    retire(session, device, why, now_ms=now_ms)
