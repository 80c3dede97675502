"""Inputs of the dose lock with its verdict: random, seeded, spread over every reason.

Each begins as a permitted case of some protocol and is changed up to four times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from scripts.vectors import lock_amounts, lock_changes
from scripts.vectors.plain import parse, plain
from shared.dose import prescription as prescriptions
from shared.dose.ledger_state import Course
from shared.dose.lock import Case, Times, Verdict, decide
from shared.dose.prescription import Limits, Part, Prescription
from shared.stimulation.catalogue import CatalogueEntry, catalogue
from tests.shared.clinic import NOW_S, itbs
from tests.shared.dose.cases import NOW_MS, case

CHANGES = (*lock_changes.CHANGES, *lock_amounts.CHANGES)
CHANGES_AT_MOST = 4


def lines(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Yield ``count`` inputs with their verdicts."""
    chance = Random(f"lock inputs {seed}")
    for index in range(count):
        made, names = _changed(_permitted(chance), index, chance)
        yield {"case": written(made), "changes": names} | verdict(decide(made))


def written(made: Case) -> dict[str, Any]:
    """Return a case as JSON; the prescription also as the bytes that are signed."""
    data = None if made.prescription is None else prescriptions.to_bytes(made.prescription)
    value: dict[str, Any] = plain(made)
    return value | {"prescription_cbor": data and data.hex()}


def read(value: dict[str, Any]) -> Case:
    """Return the case of a line; the prescription comes from its signed bytes."""
    given = dict(value)
    data = given.pop("prescription_cbor")
    made = parse(Case, given)
    signed = None if data is None else prescriptions.from_bytes(bytes.fromhex(data))
    return replace(made, prescription=signed)


def verdict(said: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON."""
    return {
        "permitted": said.permitted,
        "opens_proven_ms": said.opens_proven_ms,
        "reasons": [
            {"code": int(each.code), "name": each.code.name, "ends_proven_ms": each.ends_proven_ms}
            for each in said.reasons
        ],
    }


def _changed(made: Case, index: int, chance: Random) -> tuple[Case, list[str]]:
    first = CHANGES[index % len(CHANGES)]
    more = [chance.choice(CHANGES) for _ in range(chance.choice((0, 0, 1, CHANGES_AT_MOST - 1)))]
    for change in (first, *more):
        made = change(made, chance)
    return made, [change.__name__ for change in (first, *more)]


def _permitted(chance: Random) -> Case:
    now_ms = NOW_MS + chance.randint(0, 10**9)
    signed = _prescription(chance.choice(catalogue().entries))
    made = case(prescription=signed, times=Times(now_ms, NOW_S * 1000 + chance.randint(0, 10**6)))
    past = replace(
        made.ledger,
        proven_ms=now_ms,
        gate_proven_ms=now_ms - chance.randint(0, 60_000),
        current_course=Course(signed.course_id),
    )
    return replace(made, ledger=past)


def _prescription(entry: CatalogueEntry) -> Prescription:
    """A protocol as it would be prescribed, with limits that leave room for one session."""
    plain_, pulses, given = itbs(), entry.pulses_per_session, entry.limits
    parts = tuple(
        Part(part.site, part.pattern, part.trains, part.interval_ms, part.intensity_percent or 60)
        for part in entry.parts
    )
    limits = Limits(
        day_window_s=given.day_window_h * 3600,
        sessions_per_day_window=given.sessions_per_day_window,
        pulses_per_day_window=max(pulses, given.pulses_per_day_window),
        sessions_per_week=given.sessions_per_week,
        pulses_per_week=given.sessions_per_week * pulses,
        course_sessions=given.course_sessions,
        course_pulses=given.course_sessions * pulses,
        min_interval_s=given.min_interval_s,
    )
    threshold = replace(plain_.threshold, coil=entry.coil)
    return replace(
        plain_,
        protocol_id=entry.id,
        coil=entry.coil,
        parts=parts,
        limits=limits,
        threshold=threshold,
    )
