"""What the list of today held each morning, before anybody had worked on it."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from cloud.demo_data.identity import CLINIC_ID
from cloud.patients.gathering import gather_all
from cloud.patients.service import all_patients
from cloud.patients.triage import row
from cloud.times import Times

NEEDS_NOBODY = "course"
ORDINARY = (1, 2, 3)
"""Tuesday to Thursday: neither the weekend's rest nor what is left for it."""
WEEKS = 4


def ordinary_weekdays(until: date) -> frozenset[date]:
    """Return the ordinary weekdays of the four weeks before a day."""
    days = (until - timedelta(days=before) for before in range(1, 7 * WEEKS + 1))
    return frozenset(day for day in days if day.weekday() in ORDINARY)


@dataclass
class Lists:
    """Reads the lists of the days that are wanted: by day, how many patients stand how, and why."""

    times: Times
    wanted: frozenset[date]
    found: dict[date, Counter[str]] = field(default_factory=dict)
    why: dict[date, list[str]] = field(default_factory=dict)

    def read(self, session: Session, day: date, now_ms: int) -> None:
        """Read a day's list, as its page makes it for whoever reaches every patient."""
        if day not in self.wanted:
            return
        records = gather_all(session, CLINIC_ID, all_patients(session, CLINIC_ID))
        rows = [row(record, self.times, now_ms=now_ms) for record in records]
        self.found[day] = Counter(each.why.urgency for each in rows)
        listed = (each for each in rows if each.why.urgency != NEEDS_NOBODY)
        self.why[day] = [f"{each.name}: {each.why.title}" for each in listed]

    def listed(self, day: date) -> int:
        """Return how many patients need somebody on a day."""
        return len(self.why[day])

    def percent(self, patients: int) -> float:
        """Return of how many patients in a hundred the median day's list is."""
        return 100 * statistics.median(map(self.listed, self.found)) / patients

    def lines(self) -> list[str]:
        """Return a line for each day."""
        return [
            f"{day:%a %d %b}: {self.listed(day)} on the list"
            f" ({', '.join(f'{kind} {count}' for kind, count in sorted(self.found[day].items()))})"
            for day in sorted(self.found)
        ]
