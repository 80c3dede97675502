"""Says what the verifier found: a table for people, JSON lines for machines.

Text that comes from the file is shown with its control characters escaped.
"""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from cloud.verifier.findings import Finding, span
from cloud.verifier.sessions import Session, Sums
from cloud.verifier.verifier import Entry, Summary
from shared.trust.keys import PublicKey
from shared.wire.records import CloseCause, SessionKind

FINDINGS_SHOWN = 20
HEADING = f"{'records':>15}  {'proven':<6}  {'when':<20}  what"


def entry_line(entry: Entry) -> str:
    """Return a line of the table."""
    what = entry.what
    clock_ms = what.opened_ms if isinstance(what, Session) else what.clock_ms
    words = session_words(what) if isinstance(what, Session) else what.words
    numbers = str(entry.first) if entry.first == entry.last else f"{entry.first}-{entry.last}"
    proven = "yes" if entry.proven else "NO"
    return f"{numbers:>15}  {proven:<6}  {instant(clock_ms):<20}  {plain(words)}"


def session_words(session: Session) -> str:
    """Return a session in words."""
    kind = "" if session.kind is SessionKind.TREATMENT else f" ({_name(session.kind)})"
    parts = [
        f"session {session.session_id[:4].hex()}{kind}: "
        f"{session.pulses} of {session.planned_pulses} pulses",
        f"{len(session.trains)} of {session.planned_trains} trains",
    ]
    if session.percent_mso is not None:
        least, most = session.percent_mso
        parts.append(f"{most} % MSO" if least == most else f"{most} to {least} % MSO")
    if session.pauses:
        parts.append(f"{session.pauses} pauses")
    return ", ".join([*parts, end_words(session)])


def end_words(session: Session) -> str:
    """Return how a session ended."""
    if session.cause is None:
        return "never closed"
    if session.completed and session.cause is CloseCause.COMPLETED:
        return "completed"
    return f"{'completed' if session.completed else 'ended early'}: {_name(session.cause)}"


def summary_lines(summary: Summary) -> Iterator[str]:
    """Yield the verdict and what it rests on."""
    yield f"device        {summary.header.device_id.hex()}{_subject(summary)}"
    yield f"epoch         {summary.header.epoch.hex()}"
    if summary.clinics:
        yield f"clinic        {', '.join(map(_clinic, summary.clinics))}"
    yield f"records       {summary.records}, {_range(summary)}"
    yield f"proven        {_proven(summary)}"
    if summary.unsigned_tail:
        yield f"not signed    the last {summary.unsigned_tail}: no head covers them yet"
    if summary.first not in (1, None):
        yield f"before        nothing before record {summary.first} is here or proven"
    yield f"meaning       {_folded(summary)}"
    if summary.receipts:
        yield f"receipts      {summary.receipts}, {summary.receipts_judged} judged"
    if summary.retired:
        yield "retired       the device signed its last word"
    yield f"pulses        {summary.pulses}"
    for course_id, sums in summary.courses.items():
        yield f"  {_course(course_id):<11} {_sums(sums)}"
    if summary.verified_at is not None:
        yield f"number at     {summary.verified_at}: {summary.verification or 'NOT PROVEN'}"
    yield from _verdict(summary)


def entry_object(entry: Entry) -> dict[str, Any]:
    """Return an entry for machines."""
    kind = "session" if isinstance(entry.what, Session) else "notable"
    about = {"first": entry.first, "last": entry.last, "proven": entry.proven}
    return {kind: about | _object(entry.what)}


def summary_object(summary: Summary) -> dict[str, Any]:
    """Return the verdict for machines."""
    first = summary.findings.first
    return {
        "summary": {
            "whole": summary.whole,
            "device_id": summary.header.device_id.hex(),
            "epoch": summary.header.epoch.hex(),
            "clinics": [_clinic(each) for each in summary.clinics],
            "records": summary.records,
            "first": summary.first,
            "last": summary.last,
            "heads": summary.heads,
            "receipts": summary.receipts,
            "receipts_judged": summary.receipts_judged,
            "retired": summary.retired,
            "proven": [[each.first, each.last] for each in summary.stretches],
            "unsigned_tail": summary.unsigned_tail,
            "missing": summary.missing,
            "folded_to": summary.folded_to,
            "pulses": summary.pulses,
            "verified_at": summary.verified_at,
            "verification": summary.verification,
            "courses": [
                {"course": name and name.hex()} | _object(sums)
                for name, sums in summary.courses.items()
            ],
            "findings": [_object(each) for each in summary.findings.kept],
            "findings_left_out": summary.findings.left_out,
            "first_broken": None if first is None else _object(first),
        }
    }


def as_json(value: dict[str, Any]) -> str:
    """Return one line of JSON."""
    return json.dumps(value, separators=(",", ":"))


def plain(text: str) -> str:
    """Return text with control and direction characters escaped."""
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c)[0] == "C" else c for c in text)


def instant(clock_ms: int | None) -> str:
    """Return a time of the device's clock in UTC."""
    if clock_ms is None:
        return "clock unknown"
    try:
        return f"{datetime.fromtimestamp(clock_ms / 1000, UTC):%Y-%m-%d %H:%M UTC}"
    except (OverflowError, ValueError, OSError):
        return f"ms {clock_ms}"


def _verdict(summary: Summary) -> Iterator[str]:
    first = summary.findings.first
    if first is None:
        yield "whole"
        return
    yield "NOT WHOLE"
    yield f"first broken  {_finding(first)}"
    others = [each for each in summary.findings.kept if each is not first]
    for each in others[:FINDINGS_SHOWN]:
        yield f"also          {_finding(each)}"
    left_out = max(0, len(others) - FINDINGS_SHOWN) + summary.findings.left_out
    if left_out:
        yield f"also          {left_out} more"


def _finding(finding: Finding) -> str:
    return plain(f"{finding.numbers}: {finding.words} ({finding.flaw})")


def _subject(summary: Summary) -> str:
    certificate = summary.certificate
    if certificate is None:
        return ", NOT certified by this manufacturer"
    fingerprint = PublicKey(certificate.public_key).fingerprint
    return f", {plain(certificate.subject)}, key {fingerprint[:19]}"


def _range(summary: Summary) -> str:
    if summary.first is None:
        return "none"
    missing = ", ".join(_short(*each) for each in summary.missing[:FINDINGS_SHOWN])
    return span(summary.first, summary.last) + (f"; missing {missing}" if missing else "")


def _proven(summary: Summary) -> str:
    stretches = ", ".join(_short(s.first, s.last) for s in summary.stretches[:FINDINGS_SHOWN])
    return f"{stretches or 'nothing'}, by {summary.heads} signed heads"


def _folded(summary: Summary) -> str:
    if not summary.folded_to:
        return "not checked: that takes all records from the first on"
    return f"records 1 to {summary.folded_to} follow each other as the rules say"


def _short(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _sums(sums: Sums) -> str:
    return f"{sums.pulses} pulses, {sums.sessions} sessions, {sums.completed} of them completed"


def _course(course_id: bytes | None) -> str:
    if course_id is None:
        return "no course"
    return "others" if course_id == b"" else f"course {course_id[:4].hex()}"


def _clinic(clinic_id: bytes) -> str:
    text = clinic_id.decode("ascii", "replace")
    return text if text.isprintable() and text.isascii() else clinic_id.hex()


def _name(value: CloseCause | SessionKind) -> str:
    return value.name.lower().replace("_", " ")


def _object(value: Any) -> dict[str, Any]:
    return {each.name: _json(getattr(value, each.name)) for each in dataclasses.fields(value)}


def _json(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, (CloseCause, SessionKind)):
        return _name(value)
    return value.name.lower() if hasattr(value, "name") else value
