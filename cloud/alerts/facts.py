"""What rules look at: plain values, gathered by others. Times are Unix milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.care.bodies import CareItem
from shared.dose.prescription import Prescription
from shared.instruments.questionnaire import Questionnaire, Score


@dataclass(frozen=True)
class Told:
    """One opened item of care; ``item_id`` is the phone's name for it."""

    item_id: str
    at_ms: int
    item: CareItem


@dataclass(frozen=True)
class EarlierScore:
    """A score of before, of the same instrument."""

    answered_ms: int
    total: int


@dataclass(frozen=True)
class Answered:
    """One opened check-in. ``earlier`` are the patient's scores of this instrument before it,
    oldest first; ``self_harm_before`` is what was last said of item 9, None where it never was."""

    item_id: str
    answered_ms: int
    form: Questionnaire
    own_words: bool
    answers: Mapping[str, int]
    score: Score | None
    earlier: tuple[EarlierScore, ...] = ()
    self_harm_before: int | None = None


@dataclass(frozen=True)
class HoldFact:
    """A hold that a person asked for and that the band's own record doesn't show yet."""

    hold_id: bytes
    asked_ms: int
    on_phone_ms: int | None


@dataclass(frozen=True)
class CourseFact:
    """How far the course is: sessions missed of late and left, when it ended if it did."""

    missed: int
    left: int
    done_ms: int | None


@dataclass(frozen=True)
class CheckinFact:
    """A check-in that the clinic wants every so many days. ``last_ms`` is when it was answered
    last; where it never was, since when the plan stands."""

    title: str
    every_days: int
    last_ms: int

    @property
    def due_ms(self) -> int:
        """When the next one is due."""
        return self.last_ms + self.every_days * 86_400_000


@dataclass(frozen=True)
class Standing:
    """How things stand with one patient. ``plan`` is the prescription in force; ``heard_ms`` is
    the phone's last signed word, ``cleared_ms`` when it last got a clearance, which counts until
    ``clearance_key_ends_ms`` at most."""

    now_ms: int
    plan: Prescription | None = None
    heard_ms: int | None = None
    cleared_ms: int | None = None
    clearance_key_ends_ms: int | None = None
    course: CourseFact | None = None
    holds: tuple[HoldFact, ...] = ()
    checkins: tuple[CheckinFact, ...] = ()

    @property
    def treats(self) -> bool:
        """Whether a course runs: a plan in force that isn't over, with sessions left."""
        if self.plan is None or self.course is None:
            return False
        return self.course.left > 0 and self.now_ms < self.plan.not_after_s * 1000


@dataclass(frozen=True)
class CertificateFact:
    """A certificate that the clinic's servers work by."""

    purpose: str
    ends_ms: int
