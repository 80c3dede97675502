"""What a device may go by at one instant: owner, apps, prescriptions, words.

Plain values; `door` changes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.campaign.schedules.oracle.reading import Body


@dataclass(frozen=True)
class App:
    """An enrolled app."""

    key: bytes
    number: int
    not_after_s: int


@dataclass(frozen=True)
class Plan:
    """A prescription in force: its map, its hash, its signer's key id."""

    body: Body
    hash: bytes
    signer: bytes


@dataclass
class Owner:
    """Clinic and patient."""

    clinic_id: bytes
    root: bytes
    recovery: bytes
    patient: bytes


@dataclass
class Pending:
    """What waits for the band's button."""

    at_us: int
    name: bytes
    agree: Callable[[], None]


@dataclass
class Knowledge:
    """Everything that counts at one instant."""

    owner: Owner | None = None
    apps: list[App] = field(default_factory=list)
    control: bytes | None = None
    plan: Plan | None = None
    titration: Plan | None = None
    serial: int = 0
    revoked: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    revocations: int = 0
    clearance: Body | None = None
    gates: tuple[int, int, tuple[int, ...]] | None = None
    trained: bool = False
    supervised_us: int | None = None
    postponed_us: int = 0
    flagged: set[bytes] = field(default_factory=set)
    answered: set[bytes] = field(default_factory=set)

    def of_next(self, owner: Owner) -> Knowledge:
        """What is left of it when somebody else owns the device."""
        former = self.owner
        next_one = Knowledge(
            owner=owner, serial=self.serial, flagged=self.flagged, answered=self.answered
        )
        if former is not None and former.patient == owner.patient:
            next_one.postponed_us = self.postponed_us
        if former is None or former.clinic_id == owner.clinic_id:
            next_one.revoked, next_one.revocations = self.revoked, self.revocations
        return next_one

    def without_owner(self) -> Knowledge:
        """What is left of it when nobody owns the device."""
        return Knowledge(
            serial=self.serial,
            revoked=self.revoked,
            revocations=self.revocations,
            postponed_us=self.postponed_us,
            flagged=self.flagged,
            answered=self.answered,
        )
