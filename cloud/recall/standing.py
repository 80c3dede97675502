"""How far each band of the clinic's recalls has come, for the page: held, told, replaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.holds.models import Hold
from cloud.holds.service import HoldState, state_of
from cloud.ledger.firmware import firmware_of
from cloud.ledger.models import LedgerChain
from cloud.patients.models import Device, Patient
from cloud.patients.silence import Silence
from cloud.recall.finding import REASON
from cloud.recall.models import Recall, RecalledBand


@dataclass(frozen=True)
class Line:
    """One band. ``patient`` is None where nobody had it or the reader doesn't reach them; ``hold``
    is how far its newest hold for doubt about the device came, None for no hold; ``successor`` is
    the serial of the band that its patient has now, None where that is still this one. A band
    ``runs_another`` firmware where the recall means one and its own record names a different one.
    """

    device: Device
    firmware: str
    is_somebodys: bool
    patient: Patient | None
    hold: HoldState | None
    told_ms: int | None
    successor: str | None
    runs_another: bool

    @property
    def is_in_force(self) -> bool:
        """Whether it can treat nobody: held by its own word, or in the clinic."""
        return not self.is_somebodys or self.hold is HoldState.IN_FORCE

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do: nobody has it, its patient has another one, or it runs
        another firmware than was called back."""
        return not self.is_somebodys or self.successor is not None or self.runs_another

    @property
    def silence(self) -> Silence | None:
        """The number to call; None where the patient isn't the reader's."""
        return None if self.patient is None else Silence(None, self.patient.telephone or None)


@dataclass(frozen=True)
class Shown:
    """One recall with its bands: what isn't in force first, what is done last."""

    recall: Recall
    lines: tuple[Line, ...]

    @property
    def to_do(self) -> tuple[Line, ...]:
        """The bands that somebody still has to see to."""
        return tuple(each for each in self.lines if not each.is_done)

    @property
    def in_clinic(self) -> tuple[Line, ...]:
        """The bands that nobody has."""
        return tuple(each for each in self.lines if not each.is_somebodys)

    @property
    def done(self) -> tuple[Line, ...]:
        """The bands of patients for whom nothing is left to do."""
        return tuple(each for each in self.lines if each.is_done and each.is_somebodys)

    @property
    def open_count(self) -> int:
        """How many bands somebody still has to see to."""
        return len(self.to_do)

    @property
    def not_in_force(self) -> int:
        """How many of those may still treat."""
        return sum(not each.is_done and not each.is_in_force for each in self.lines)


def shown(session: Session, clinic_id: str, known: Sequence[Patient]) -> tuple[Shown, ...]:
    """Return the recalls that go on, the newest first; ``known`` are the reader's patients."""
    recalls = session.scalars(
        select(Recall)
        .where(Recall.clinic_id == clinic_id, Recall.ended_ms.is_(None))
        .order_by(Recall.begun_ms.desc(), Recall.recall_id)
    ).all()
    if not recalls:
        return ()
    lines = _Lines(session, clinic_id, known)
    return tuple(Shown(each, lines.of(each)) for each in recalls)


class _Lines:
    """The clinic's bands, holds and firmware, each asked for once."""

    def __init__(self, session: Session, clinic_id: str, known: Sequence[Patient]) -> None:
        self._known: Mapping[bytes, Patient] = {each.patient_id: each for each in known}
        devices = session.scalars(select(Device).where(Device.clinic_id == clinic_id)).all()
        self._devices = {each.device_id: each for each in devices}
        self._has = {each.patient_id: each for each in devices if each.patient_id is not None}
        chains = session.scalars(
            select(LedgerChain)
            .where(LedgerChain.clinic_id == clinic_id)
            .order_by(LedgerChain.received_to)
        )
        self._chains = {each.device_id: each for each in chains}
        self._holds = _newest_holds(session, clinic_id)
        self._bands: defaultdict[bytes, list[RecalledBand]] = defaultdict(list)
        for band in session.scalars(
            select(RecalledBand).where(RecalledBand.clinic_id == clinic_id)
        ):
            self._bands[band.recall_id].append(band)

    def of(self, recall: Recall) -> tuple[Line, ...]:
        lines = [self._line(recall, each) for each in self._bands[recall.recall_id]]
        return tuple(sorted(lines, key=_rank))

    def _line(self, recall: Recall, band: RecalledBand) -> Line:
        device, holder = self._devices[band.device_id], band.patient_id
        now_has = None if holder is None else self._has.get(holder)
        runs = firmware_of(self._chains.get(band.device_id))
        firmware = "" if runs is None else runs.version
        hold = self._holds.get(band.device_id)
        is_other = now_has is not None and now_has.device_id != band.device_id
        return Line(
            device=device,
            firmware=firmware,
            is_somebodys=holder is not None,
            patient=None if holder is None else self._known.get(holder),
            hold=None if hold is None else state_of(hold),
            told_ms=band.told_ms,
            successor=now_has.serial if is_other and now_has is not None else None,
            runs_another=bool(recall.firmware and firmware) and firmware != recall.firmware,
        )


def _rank(line: Line) -> tuple[bool, bool, str]:
    return line.is_done, line.is_in_force, line.device.serial


def _newest_holds(session: Session, clinic_id: str) -> dict[bytes, Hold]:
    found = session.scalars(
        select(Hold).where(Hold.clinic_id == clinic_id, Hold.reason == REASON).order_by(Hold.number)
    )
    return {each.device_id: each for each in found}
