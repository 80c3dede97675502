"""What is known of one patient's first course: plain values, without name, date of birth or id."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.adherence.definition import CourseFacts


@dataclass(frozen=True)
class Answer:
    """A score of the pages' questionnaire; ``at_ms`` is when it was answered."""

    at_ms: int
    score: int


@dataclass(frozen=True)
class Treatment:
    """A treatment that gave pulses. ``opened_ms`` is None where the band had lost its clock;
    ``day`` is the ordinal of its date."""

    day: int
    opened_ms: int | None
    partial: bool


@dataclass(frozen=True)
class Facts:
    """A patient's first course. ``course`` and ``treatments`` are of verified records.

    ``flawed`` says that something wrong with the band's record stands; ``age_years`` is at the
    first treatment.
    """

    protocol_id: str = ""
    age_years: int | None = None
    course: CourseFacts | None = None
    treatments: tuple[Treatment, ...] = ()
    answers: tuple[Answer, ...] = ()
    flawed: bool = False
