"""The made-up clinic as its parts share it: keys, zone, kept folds, staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cloud.demo_data.chance import Chance
from cloud.demo_data.cohort import Cohort
from cloud.demo_data.identity import DemoIdentity
from cloud.demo_data.passkey import DemoPasskey
from cloud.ledger.effects import Means
from cloud.ledger.folds import Folds
from cloud.times import Times
from shared.trust.keys import PublicKey

if TYPE_CHECKING:
    from cloud.demo_data.phone import DemoPhone

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Prescriber:
    """A member of staff who signs."""

    staff_id: bytes
    passkey: DemoPasskey

    @property
    def actor(self) -> str:
        """As the audit log names them."""
        return f"staff/{self.staff_id.hex()}"


@dataclass
class Place:
    """What everybody in the demonstration works with."""

    identity: DemoIdentity
    chance: Chance
    cohort: Cohort
    times: Times
    prescribers: list[Prescriber] = field(default_factory=list)
    teams: list[bytes] = field(default_factory=list)
    phones: dict[bytes, DemoPhone] = field(default_factory=dict)
    """Every phone, by its patient."""

    def __post_init__(self) -> None:
        self.means = Means(Folds(), self.times)

    @property
    def clinic_id(self) -> str:
        """The clinic's id."""
        return self.identity.clinic.clinic_id

    @property
    def care_key(self) -> PublicKey:
        """To whom phones seal what is told."""
        return self.identity.servers["care"].public_key
