"""Who placed a hold, in the same words wherever one is named.

The band's record says from where one came: the clinic, the app, or the band itself, which holds by
a rule of its own (docs/safety/rules.md). Who of the clinic asked, the clinic itself keeps. The
band's button places none: it pauses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.holds.models import Hold
from cloud.holds.reasons import GONE_OVER
from cloud.language import _, mark
from cloud.language.stored import stored
from cloud.people.models import Member
from shared.trust.statements import HoldKind, HoldSource

BY_PATIENT = mark("Placed by the patient, in the app")
BY_BAND = mark("Placed by the band itself, by rule {rule}")
BY_SERVER = mark("Placed by the clinic's server, by itself")
BY_OTHERS = mark("Placed by a clinic, and not asked for here")
_RULES = {"motion": "R11", "screening:": "R16"}
"""The rules by which a band holds, by how the reason on its record begins."""
_OTHER_RULE = "R21"
"""By which it holds for a side effect, and for whatever it may hold for later."""
SCREENING_RULE = _RULES["screening:"]


@dataclass(frozen=True)
class Placed:
    """What the clinic kept of a hold of the record after the record itself was read."""

    kind: int
    source: int
    reason: str


class OnRecord(Protocol):
    """A hold as the band's record has it."""

    @property
    def kind(self) -> int: ...

    @property
    def source(self) -> int: ...

    @property
    def reason(self) -> str: ...


def by_record(hold: OnRecord) -> str:
    """Return in English who placed a hold that nobody of this clinic asked for."""
    if hold.source == HoldSource.APP:
        return BY_PATIENT
    if hold.source == HoldSource.DEVICE:
        rule = next(
            (rule for begins, rule in _RULES.items() if hold.reason.startswith(begins)), _OTHER_RULE
        )
        return BY_BAND.format(rule=rule)
    return BY_SERVER if hold.kind == HoldKind.REST else BY_OTHERS


def by_record_in_words(hold: OnRecord) -> str:
    """Return the same in the reader's language."""
    return stored(by_record(hold))


@dataclass(frozen=True)
class Placers:
    """Who of the clinic asked for holds, by their names."""

    names: Mapping[bytes, str]

    def asked(self, hold: Hold) -> str:
        """Return in the reader's language who asked for a hold, and whether for the maker."""
        name = self.names.get(hold.asked_by, _("somebody"))
        if hold.recall_id is not None:
            return _("Asked for by {name}, for a recall by the maker").format(name=name)
        if hold.reason == GONE_OVER:
            return _("Carried over from the band before, as {name} signed").format(name=name)
        return _("Asked for by {name}").format(name=name)

    def of(self, hold: OnRecord, asked: Hold | None) -> str:
        """Return who placed a hold of the record, which the clinic ``asked`` for or didn't."""
        return by_record_in_words(hold) if asked is None else self.asked(asked)


def placers_of(session: Session, clinic_id: str) -> Placers:
    """Return who may have asked: everybody who works or worked at the clinic."""
    found = session.execute(
        select(Member.staff_id, Member.name).where(Member.clinic_id == clinic_id)
    )
    return Placers({staff_id: name for staff_id, name in found})
