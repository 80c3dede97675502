"""Thresholds of a report: those of the prescriptions that the band's own record says were in force.

Value and date are the prescriber's, signed with the prescription; the band only applies them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from cloud.language import mark
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from cloud.reports.period import Period
from cloud.times import Times
from shared.dose.prescription import ThresholdKind

KINDS = {
    ThresholdKind.RMT: mark("resting motor threshold"),
    ThresholdKind.AMT: mark("active motor threshold"),
    ThresholdKind.LEG_RMT: mark("resting motor threshold of the leg"),
}


@dataclass(frozen=True)
class ThresholdLine:
    """One threshold: percent of maximum output, its adjustment for depth (100 is none), the local
    day of its measurement, and of which prescription's installation it counts from.

    ``typed_in`` says that nobody measured it.
    """

    kind: ThresholdKind
    percent_mso: int
    depth_percent: int
    measured: date
    in_force: date
    serial: int
    typed_in: bool

    @property
    def words(self) -> str:
        """Which threshold it is."""
        return KINDS[self.kind]


def threshold_lines(
    stored: Iterable[StoredPrescription], used: Collection[bytes], period: Period, times: Times
) -> tuple[ThresholdLine, ...]:
    """Return each threshold once, the oldest first: of what the period's sessions went by
    (``used``, by hash) and of what came into force in it."""
    found: dict[object, ThresholdLine] = {}
    for each in sorted(stored, key=lambda one: (one.in_force_ms or 0, one.serial)):
        if each.in_force_ms is None:
            continue
        in_force = times.day(each.in_force_ms)
        if each.hash not in used and not period.has(in_force):
            continue
        prescription = read_prescription(each)
        for part in range(len(prescription.parts)):
            threshold = prescription.threshold_of(part)
            if threshold.kind is ThresholdKind.NONE or threshold in found:
                continue
            found[threshold] = ThresholdLine(
                kind=threshold.kind,
                percent_mso=threshold.percent_mso,
                depth_percent=threshold.depth_percent,
                measured=times.day(threshold.measured_s * 1000),
                in_force=in_force,
                serial=each.serial,
                typed_in=threshold.demo,
            )
    return tuple(found.values())
