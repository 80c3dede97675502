"""A clinic's bands: whose each is, its firmware, how far its record came, and what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW, TODAY
from cloud.alerts.thresholds import thresholds_of
from cloud.bands import courses
from cloud.bands.retiring import WHY
from cloud.language import _, n_, number, p_, told
from cloud.language.stored import stored
from cloud.ledger.firmware import firmware_of
from cloud.ledger.models import LedgerChain
from cloud.patients.models import Device, Patient
from cloud.phones.models import Phone
from cloud.proof.models import Flaw
from cloud.proof.service import of_clinic, title_of, urgency_of
from cloud.times import Times

DAY_MS = 86_400_000
WAITS, SETUP, FREE, FINE = "held", "setup", "free", "course"
ASIDE, RETIRED = "aside", "retired"
ORDER = (NOW, TODAY, WAITS, SETUP, FINE, FREE, ASIDE, RETIRED)


@dataclass(frozen=True)
class Reason:
    """What is so with a band: how pressing it is, and in words."""

    urgency: str
    words: str


@dataclass(frozen=True)
class Row:
    """One band. ``patient`` is None where it's free or out of the reader's reach."""

    device: Device
    patient: Patient | None
    reasons: tuple[Reason, ...]
    firmware: str
    last_record: str
    complete_to: str
    heard: str
    verified_to: int
    verified_ms: int | None
    heard_ms: int | None

    @property
    def may_retire(self) -> bool:
        """Whether it can be taken out of use by hand: nobody has it, and it isn't yet."""
        return self.device.patient_id is None and self.device.retired_ms is None

    def says(self, words: str) -> bool:
        """Whether a search finds it: by serial, id, firmware or its patient's name."""
        known = (
            self.device.serial,
            self.device.device_id.hex(),
            self.firmware,
            "" if self.patient is None else self.patient.name,
        )
        return any(words.casefold() in each.casefold() for each in known)

    @property
    def urgency(self) -> str:
        """The gravest reason's urgency."""
        return self.reasons[0].urgency

    @property
    def words(self) -> tuple[str, ...]:
        """What is so with it, where that is more than its badge and its patient say."""
        return () if self.urgency == FINE else tuple(each.words for each in self.reasons)

    @property
    def badge(self) -> str:
        """The word of the badge."""
        return {
            NOW: p_("urgency", "Now"),
            TODAY: p_("urgency", "Today"),
            WAITS: _("Waits"),
            SETUP: p_("urgency", "Set up"),
            FINE: _("In order"),
            FREE: _("Free"),
            ASIDE: _("Set aside"),
            RETIRED: _("Out of use"),
        }[self.urgency]


class Bands:
    """The clinic's bands at one instant, for a reader who reaches some of its patients."""

    def __init__(
        self, session: Session, clinic_id: str, known: Sequence[Patient], times: Times, now_ms: int
    ) -> None:
        self._session, self._clinic_id = session, clinic_id
        self._times, self._now_ms = times, now_ms
        self._known: Mapping[bytes, Patient] = {each.patient_id: each for each in known}
        self._silent_days = thresholds_of(session, clinic_id).silent_days
        self._flaws: defaultdict[bytes, list[Flaw]] = defaultdict(list)
        for flaw in of_clinic(session, clinic_id):
            if flaw.ended_ms is None:
                self._flaws[flaw.device_id].append(flaw)
        chains = session.scalars(
            select(LedgerChain)
            .where(LedgerChain.clinic_id == clinic_id)
            .order_by(LedgerChain.received_to)
        )
        self._chains = {each.device_id: each for each in chains}
        phones = session.scalars(
            select(Phone)
            .where(Phone.clinic_id == clinic_id, Phone.revoked_ms.is_(None))
            .order_by(Phone.number)
        )
        self._over = courses.over(session, clinic_id, now_ms=now_ms)
        self._phones = {(each.device_id, each.patient_id): each for each in phones}

    def rows(self) -> tuple[Row, ...]:
        """Return every band, what is wrong first, then by serial."""
        devices = self._session.scalars(
            select(Device).where(Device.clinic_id == self._clinic_id).order_by(Device.serial)
        )
        found = [self._row(each) for each in devices]
        return tuple(sorted(found, key=lambda each: ORDER.index(each.urgency)))

    def _row(self, device: Device) -> Row:
        chain = self._chains.get(device.device_id)
        holder = device.patient_id
        phone = None if holder is None else self._phones.get((device.device_id, holder))
        return Row(
            device=device,
            patient=None if holder is None else self._known.get(holder),
            reasons=self._reasons(device, chain, phone),
            firmware=_firmware_words(chain),
            last_record=self._said(None if chain is None else chain.clock_ms),
            complete_to=self._complete_to(chain),
            heard=self._said(None if phone is None else phone.seen_ms),
            verified_to=0 if chain is None else chain.verified_to,
            verified_ms=None if chain is None else chain.verified_ms,
            heard_ms=None if phone is None else phone.seen_ms,
        )

    def _reasons(
        self, device: Device, chain: LedgerChain | None, phone: Phone | None
    ) -> tuple[Reason, ...]:
        found = [
            Reason(urgency_of(each), stored(title_of(each)))
            for each in self._flaws[device.device_id]
        ]
        if device.patient_id is not None and device.retired_ms is None:
            found += self._of_use(chain, phone, treats=device.patient_id not in self._over)
        if not found or device.retired_ms is not None or device.aside_ms is not None:
            found.append(self._standing(device))
        return tuple(sorted(found, key=lambda each: ORDER.index(each.urgency)))

    def _standing(self, device: Device) -> Reason:
        if device.retired_ms is not None:
            why = told(WHY.get(device.retired_why or "", ""))
            when = self._said(device.retired_ms)
            return Reason(RETIRED, _("{why}, {when}").format(why=why, when=when))
        if device.aside_ms is not None:
            when = self._said(device.aside_ms)
            return Reason(ASIDE, _("Another band took its place {when}").format(when=when))
        if device.patient_id is None:
            return Reason(FREE, _("Nobody has it"))
        return Reason(FINE, _("In use"))

    def _of_use(
        self, chain: LedgerChain | None, phone: Phone | None, *, treats: bool
    ) -> list[Reason]:
        """What is so with a band that somebody has; of one whose course is over, silence isn't."""
        if phone is None:
            return [Reason(SETUP, _("No phone is enrolled for it yet"))]
        found = []
        days = (self._now_ms - phone.seen_ms) // DAY_MS
        if treats and days >= self._silent_days:
            words = n_(
                "Its phone has been silent for {count} day",
                "Its phone has been silent for {count} days",
                days,
            )
            found.append(Reason(TODAY, words.format(count=days)))
        if chain is None:
            found.append(Reason(SETUP, _("Nothing came of its record yet")))
        elif chain.received_to > chain.verified_to:
            waits = chain.received_to - chain.verified_to
            words = n_(
                "{count} record waits for the band's signature",
                "{count} records wait for the band's signature",
                waits,
            )
            found.append(Reason(WAITS, words.format(count=number(waits))))
        return found

    def _complete_to(self, chain: LedgerChain | None) -> str:
        if chain is None:
            return ""
        if chain.verified_ms is None:
            return _("not verified yet")
        return _("number {number}, verified {when}").format(
            number=number(chain.verified_to), when=self._said(chain.verified_ms)
        )

    def _said(self, at_ms: int | None) -> str:
        return "" if at_ms is None else self._times.said(at_ms, self._now_ms)


def _firmware_words(chain: LedgerChain | None) -> str:
    found = firmware_of(chain)
    if found is None:
        return ""
    if found.is_confirmed:
        return found.version
    return _("{version}, on trial").format(version=found.version)
