"""Check-ins: their scores, and their answers, which the care key opens.

What can't be opened any more is left out; its score stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.care.models import CareFact
from cloud.checkins.models import Checkin, Scored
from cloud.checkins.service import read
from cloud.fhir.gathering.asked import Asked, Mark, Page, page, rows
from cloud.fhir.resources.answers import AnswersRecord
from cloud.fhir.resources.score import ScoreRecord
from cloud.phones.models import Waiting
from cloud.times import LATEST_MS
from cloud.vault.errors import VaultError
from shared.care.bodies import CheckinAnswers
from shared.care.documents import SignedDocument
from shared.instruments.forms import FORMS
from shared.instruments.packs import TextPack
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import CheckinBody, DownKind

_SCORED = (Scored.answered_ms, Scored.item_id)
Answers = CheckinBody | CheckinAnswers
C = TypeVar("C", Checkin, CareFact)


class CheckIns:
    """One patient's check-ins; each is opened once."""

    def __init__(
        self, session: Session, clinic_id: str, patient_id: bytes, key: SoftwareKey
    ) -> None:
        self._session, self._key = session, key
        self._clinic_id, self._patient_id = clinic_id, patient_id
        self._opened: dict[str, Answers | None] = {}
        self._packs: frozenset[tuple[str, str, int]] | None = None

    def answers(self, asked: Asked) -> Page[AnswersRecord]:
        """Return what was answered."""
        found = self._scored(asked)
        self._open(row.item_id for _, row in found)
        return page(found, asked, lambda row: _record(row, self._opened[row.item_id]))

    def scores(self, asked: Asked) -> Page[ScoreRecord]:
        """Return what the answers came to."""
        found = self._scored(asked)
        self._open(row.item_id for _, row in found)
        return page(
            found,
            asked,
            lambda row: ScoreRecord(
                item_id=row.item_id,
                instrument=row.instrument,
                answered_ms=min(row.answered_ms, LATEST_MS),
                score=row.score,
                is_official=self._is_official(self._opened[row.item_id]),
            ),
        )

    def _scored(self, asked: Asked) -> list[tuple[Mark, Scored]]:
        known = Scored.instrument.in_(FORMS)
        inside = asked.within(Scored.answered_ms)
        return rows(self._session, Scored, asked, _SCORED, known, *inside)

    def _open(self, item_ids: Iterable[str]) -> None:
        """Open those check-ins that aren't open yet, whichever way they came."""
        wanted = [each for each in item_ids if each not in self._opened]
        self._opened |= dict.fromkeys(wanted)
        found: list[Checkin | CareFact] = [
            *self._rows(Checkin, wanted),
            *self._rows(CareFact, wanted),
        ]
        for row in found:
            self._opened[row.item_id] = self._told(row)

    def _rows(self, table: type[C], item_ids: list[str]) -> Iterable[C]:
        return self._session.scalars(
            select(table).where(
                table.clinic_id == self._clinic_id,
                table.patient_id == self._patient_id,
                table.item_id.in_(item_ids),
            )
        )

    def _told(self, row: Checkin | CareFact) -> Answers | None:
        try:
            if isinstance(row, Checkin):
                return read(row, self._key)
            return fields.unpack(CheckinAnswers, row.body)
        except (TrustError, VaultError, WireError):
            return None

    def _is_official(self, told: Answers | None) -> bool:
        """Whether the words that were shown are a pack of the clinic's that is official."""
        if told is None or not told.pack_serial:
            return False
        if self._packs is None:
            self._packs = self._official()
        return (told.instrument, told.language, told.pack_serial) in self._packs

    def _official(self) -> frozenset[tuple[str, str, int]]:
        """Return the official packs that were sent to the patient's phones."""
        bodies = self._session.scalars(
            select(Waiting.sealed_body).where(
                Waiting.clinic_id == self._clinic_id,
                Waiting.patient_id == self._patient_id,
                Waiting.kind == DownKind.TEXT_PACK.value,
            )
        )
        packs = (
            fields.unpack(TextPack, fields.unpack(SignedDocument, each).document) for each in bodies
        )
        return frozenset(
            (pack.instrument, pack.language, pack.serial) for pack in packs if pack.official
        )


def _record(row: Scored, told: Answers | None) -> AnswersRecord | None:
    if told is None:
        return None
    return AnswersRecord(
        item_id=row.item_id,
        instrument=row.instrument,
        version=told.version,
        language=told.language,
        pack_serial=told.pack_serial,
        answered_ms=min(row.answered_ms, LATEST_MS),
        answers=told.answers,
    )
