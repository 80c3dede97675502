"""What each broken limit says, a line each, for people to read.

``python -m tests.shared.dose.violation_table`` writes `violation_table.txt` anew, when a sentence
or a limit is meant to change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from shared.dose.envelope import violations
from shared.dose.prescription import Prescription, PrescriptionKind, ThresholdKind
from shared.stimulation.catalogue import HomeUse
from shared.stimulation.pattern import PatternKind
from shared.trust.statements import Gate
from tests.shared.clinic import itbs
from tests.shared.dose import test_envelope as plain
from tests.shared.dose import test_envelope_kinds as kinds
from tests.shared.prescribed import prescribed

TABLE = Path(__file__).with_suffix(".txt")
LEAP = plain.with_threshold(percent_mso=71)
NO_OPENING = kinds.opened(day_pulses=0, day_sessions=0, week_pulses=0, week_sessions=0)


def broken() -> Iterator[tuple[Prescription, Prescription | None]]:
    """Yield prescriptions outside the envelope, each with the treatment in force, if that counts.

    Those of the tests beside this one, and what shows two parts, two limits or two thresholds.
    """
    for _, outside in plain.BROKEN:
        yield outside, None
    yield LEAP, plain.with_threshold(percent_mso=60)
    yield _second_leaps(), prescribed(plain.BILATERAL)
    for entry in plain.IN_CLINIC:
        yield prescribed(entry, gates=()), None
    for entry in plain.ENTRIES:
        if entry.home_use is HomeUse.RESEARCH_ONLY:
            yield prescribed(entry, research_reason=None), None
    for outside in (*_titrations(), *_replacements(), *_courses(), *_patterns(), *_parts()):
        yield outside, None


def _second_leaps() -> Prescription:
    both = prescribed(plain.BILATERAL)
    assert both.second_threshold is not None
    return replace(both, second_threshold=replace(both.second_threshold, percent_mso=61))


def _titrations() -> Iterator[Prescription]:
    whole = kinds.TITRATION
    yield replace(whole, gates=(Gate.SCREENING,), new_course=True, coil="H1")
    yield replace(whole, replaces_hash=bytes(32), replacement=kinds.GIVEN)
    yield kinds.measuring(trains=101, interval_ms=3999)
    yield kinds.measuring(pattern=itbs().parts[0].pattern, trains=3)
    yield replace(whole, parts=(whole.parts[0], replace(whole.parts[0], interval_ms=1)))


def _replacements() -> Iterator[Prescription]:
    yield NO_OPENING
    yield kinds.opened(course_completed=16)
    yield itbs(replacement=kinds.GIVEN)
    own = replace(kinds.GIVEN, old_device_id=itbs().device_id)
    yield replace(kinds.REPLACEMENT, replacement=own)


def _courses() -> Iterator[Prescription]:
    yield kinds.phased(kinds.DAILY, kinds.WEEKLY)
    yield kinds.phased((6, 5, 14_400), (8, 2, 3600))
    yield itbs(ramp=(0, 121, 80))


def _patterns() -> Iterator[Prescription]:
    yield plain.with_pattern(kind=PatternKind.REPETITIVE, pulses_per_burst=3)
    yield plain.with_part(prescribed(plain.CTBS), intensity_percent=81)
    ctbs = prescribed(plain.CTBS)
    yield replace(ctbs, threshold=replace(ctbs.threshold, kind=ThresholdKind.RMT))
    yield plain.with_pattern(prescribed(plain.CTBS), bursts_per_train=201)
    yield plain.with_part(prescribed(plain.CTBS), trains=2, interval_ms=0)
    migraine = prescribed(plain.MIGRAINE)
    yield plain.with_pattern(migraine, pulses_per_burst=2, intra_burst_mhz=200_000)
    yield plain.with_part(prescribed(plain.TEN_HERTZ), trains=2, interval_ms=4999)
    yield plain.with_part(prescribed(plain.TEN_HERTZ), intensity_percent=200)


def _parts() -> Iterator[Prescription]:
    both = prescribed(plain.BILATERAL)
    yield replace(both, parts=both.parts[::-1])
    yield replace(both, parts=both.parts[:1])
    yield replace(both, second_threshold=None)
    second = both.second_threshold
    assert second is not None
    for wrong in (
        replace(second, kind=ThresholdKind.AMT, coil="H1", device_id=bytes(16)),
        replace(second, warn_s=0, lock_s=second.measured_s, depth_percent=50),
        replace(second, kind=ThresholdKind.NONE, percent_mso=99, depth_percent=98),
        replace(second, percent_mso=99, measured_s=second.measured_s + 1),
    ):
        yield replace(both, second_threshold=wrong)
    stronger = tuple(
        replace(part, intensity_percent=200, interval_ms=0, trains=600) for part in both.parts
    )
    yield replace(both, parts=stronger, kind=PrescriptionKind.REPLACEMENT)


def lines() -> Iterator[str]:
    """Yield the violations of each, numbered by the prescription."""
    for number, (outside, in_force) in enumerate(broken(), start=1):
        for found in violations(outside, in_force):
            words = (found.field, found.value, found.limit, found.source)
            yield f"{number}. {' | '.join(words)}"


if __name__ == "__main__":
    TABLE.write_text("".join(f"{line}\n" for line in lines()))
