"""A report as comma-separated values: one table, English and stable (docs/course-report.md).

No cell can act as a formula or as markup in whatever opens the file.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator

from cloud.ledger.effects import cause_words
from cloud.proof.service import title_of
from cloud.reports.course import CourseReport
from cloud.reports.sessions import ReportSession
from cloud.times import Times

COLUMNS = (
    "row",
    "day",
    "time",
    "kind",
    "device",
    "prescription",
    "pulses",
    "planned_pulses",
    "percent_of_threshold",
    "percent_of_output",
    "ended",
    "name",
    "value",
    "maximum",
    "grade_1",
    "grade_2",
    "grade_3",
    "record",
    "note",
)
MADE_UP = "made-up data: nobody in this clinic is real"
UNVERIFIED = "told by the patient, not in the band's record"
OTHER_OUTPUT = "not the prescribed output"
FORMULA = frozenset("=+-@|%'")
"""Beginnings that some spreadsheet takes for a formula, a command, or a quoted cell."""
REPLACED = str.maketrans({"<": "\u2039", ">": "\u203a", ";": ","})
"""Markup's brackets; and the separator of countries whose decimals have a comma, behind which a
formula could begin."""


def csv_of(report: CourseReport, times: Times) -> bytes:
    """Return the file: UTF-8 with its mark, each cell in quotes, lines ended by CR LF."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for line in _lines(report, times):
        writer.writerow({name: neutral(str(value)) for name, value in line.items()})
    return out.getvalue().encode("utf-8-sig")


def neutral(text: str) -> str:
    """Return a cell that is text and nothing else, whatever it was."""
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    shown = shown.strip().translate(REPLACED)
    normal = unicodedata.normalize("NFKC", shown[:1])
    return f"'{shown}" if normal and normal[0] in FORMULA else shown


def _lines(report: CourseReport, times: Times) -> Iterator[dict[str, object]]:
    yield from _about(report, times)
    yield from (_session(report, each, times) for each in report.sessions)
    for each in report.thresholds:
        yield {
            "row": "threshold",
            "day": each.measured,
            "kind": each.kind.name.lower(),
            "prescription": each.serial,
            "value": each.percent_mso,
            "maximum": 100,
            "note": "typed in, not measured" if each.typed_in else "",
        }
    yield from _told(report)
    yield from _proof(report)


def _about(report: CourseReport, times: Times) -> Iterator[dict[str, object]]:
    made = times.local(report.made_ms)
    about = {
        "clinic": report.clinic_name,
        "patient": report.patient.name,
        "birth_date": report.patient.birth_date,
        "first_day": report.period.first,
        "last_day": report.period.last,
        "made": made.isoformat(timespec="seconds"),
        "time_zone": made.tzinfo,
    }
    note = MADE_UP if report.made_up else ""
    for name, value in about.items():
        yield {"row": "about", "name": name, "value": value, "note": note}
    sums = {
        "treatments": report.sums.treatments,
        "whole": report.sums.whole,
        "partial": report.sums.partial,
        "make_ups": report.sums.make_ups,
        "pulses": report.sums.pulses,
        "titration_pulses": report.sums.titration,
        "sessions_outside_period": report.outside,
    }
    for name, count in sums.items():
        yield {"row": "sum", "name": name, "value": count}


def _session(report: CourseReport, each: ReportSession, times: Times) -> dict[str, object]:
    row = each.row
    at = None if row.opened_ms is None else times.local(row.opened_ms)
    return {
        "row": "session",
        "day": each.day,
        "time": "" if at is None else at.isoformat(timespec="seconds"),
        "kind": each.kind.name.lower(),
        "device": report.devices.get(row.device_id, ""),
        "prescription": "" if each.prescription is None else each.prescription.serial,
        "pulses": row.charged_pulses,
        "planned_pulses": row.planned_pulses,
        "percent_of_threshold": " / ".join(map(str, each.percents)),
        "percent_of_output": "" if row.percent_mso is None else row.percent_mso,
        "ended": "not closed" if row.cause is None else cause_words(row.cause),
        "record": row.opened_number,
        "note": OTHER_OUTPUT if each.other_output else "",
    }


def _told(report: CourseReport) -> Iterator[dict[str, object]]:
    for line in report.told.scores:
        note = f"{line.form.wording_label}, {UNVERIFIED}"
        for name, at in (("start", line.start), ("middle", line.middle), ("end", line.end)):
            if at is not None:
                yield {
                    "row": "score",
                    "day": at.day,
                    "kind": name,
                    "name": line.form.id,
                    "value": at.score,
                    "maximum": line.form.maximum,
                    "note": note,
                }
    yield {"row": "sum", "name": "side_effects_answered", "value": report.told.answered}
    for effect in report.told.effects:
        grades = {f"grade_{number}": count for number, count in enumerate(effect.grades, start=1)}
        yield {"row": "side_effect", "name": effect.id, **grades, "note": UNVERIFIED}
    for flag in report.told.flags:
        note = f"taken back, {UNVERIFIED}" if flag.slip else UNVERIFIED
        yield {"row": "red_flag", "day": flag.day, "name": flag.text, "note": note}


def _proof(report: CourseReport) -> Iterator[dict[str, object]]:
    for line in report.records:
        unverified = f"{line.unverified} records not verified yet" if line.unverified else ""
        yield {
            "row": "record",
            "device": line.serial,
            "name": line.epoch.hex(),
            "value": line.number,
            "record": line.last or "",
            "note": unverified,
        }
    for flaw in report.flaws:
        yield {"row": "flaw", "name": flaw.kind, "note": title_of(flaw)}
