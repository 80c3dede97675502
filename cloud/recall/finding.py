"""The clinic's bands that a recall means, each with how far its hold has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.holds.models import Hold
from cloud.holds.service import HoldState, holds_of, state_of
from cloud.ledger.firmware import Firmware, firmware_of
from cloud.ledger.models import LedgerChain
from cloud.patients.models import Device
from cloud.recall.criteria import Criteria

REASON = "device"
"""The hold's reason: doubt about the device."""


class Standing(StrEnum):
    """How far one band of a recall has come."""

    FREE = "nobody has it"
    NOT_HELD = "not held"
    ASKED = "hold asked"
    ON_PHONE = "hold on the phone"
    IN_FORCE = "hold in force"


_OF_HOLD = {
    HoldState.ASKED: Standing.ASKED,
    HoldState.ON_PHONE: Standing.ON_PHONE,
    HoldState.IN_FORCE: Standing.IN_FORCE,
}


@dataclass(frozen=True)
class Found:
    """One band that is meant. ``hold`` is its patient's newest one for doubt about the device that
    has not ended; ``firmware`` is None where its record doesn't say."""

    device: Device
    firmware: Firmware | None
    hold: Hold | None

    @property
    def standing(self) -> Standing:
        """How far it has come; a band that nobody has is in the clinic's own hands."""
        if self.device.patient_id is None:
            return Standing.FREE
        return Standing.NOT_HELD if self.hold is None else _OF_HOLD[state_of(self.hold)]


def find(session: Session, clinic_id: str, criteria: Criteria) -> tuple[Found, ...]:
    """Return the bands that are meant, by serial."""
    chains = session.scalars(
        select(LedgerChain)
        .where(LedgerChain.clinic_id == clinic_id)
        .order_by(LedgerChain.received_to)
    )
    newest = {each.device_id: each for each in chains}
    devices = session.scalars(
        select(Device).where(Device.clinic_id == clinic_id).order_by(Device.serial)
    )
    found = []
    for device in devices.all():
        firmware = firmware_of(newest.get(device.device_id))
        if criteria.means(device.serial, firmware):
            found.append(Found(device, firmware, _hold_on(session, device)))
    return tuple(found)


def counts(found: Sequence[Found]) -> dict[Standing, int]:
    """Return how many bands have come how far, each standing once, in order."""
    number = Counter(each.standing for each in found)
    return {standing: number[standing] for standing in Standing}


def _hold_on(session: Session, device: Device) -> Hold | None:
    if device.patient_id is None:
        return None
    for hold in holds_of(session, device.clinic_id, device.patient_id):
        if (hold.device_id, hold.reason) == (device.device_id, REASON):
            return None if state_of(hold) is HoldState.ENDED else hold
    return None
