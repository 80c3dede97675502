"""The de-identified file: a table and its data dictionary, two CSV files in one archive. English
and stable, like the course report's; no cell can act as a formula.

k is pycanon's; a file leaves only if it is enough and the same as an own count.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from cloud.errors import Refused
from cloud.reports.csv_file import MADE_UP, neutral
from cloud.response.asking import k_by_pycanon
from cloud.response.coarsening import K_LEAST, Coarse, coarse
from cloud.response.cohort import Cohort
from cloud.response.course import SixWeeks
from cloud.response.rows import COLUMNS, QUASI, rows_of

TABLE_NAME, DICTIONARY_NAME = "cohort.csv", "dictionary.csv"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The archive's files have no time of their own: the same rows make the same bytes."""


@dataclass(frozen=True)
class Export:
    """What leaves, and what is said of it. ``k`` is pycanon's over the quasi-identifiers."""

    coarse: Coarse
    k: int
    everybody: int
    made_up: bool

    @property
    def pycanon(self) -> str:
        """Who computed k, by version."""
        return f"pycanon {version('pycanon')}"


def export_of(cohort: Cohort[SixWeeks], *, made_up: bool) -> Export:
    """Return the export of a cohort.

    Raise TooFewAlike below the least k, NotWorkedOut without pycanon, Refused if it doesn't agree.
    """
    found = coarse(rows_of(cohort.members))
    k = k_by_pycanon(found.quasi, QUASI)
    if k != found.k or k < K_LEAST:
        raise Refused("Two counts of k do not agree. Nothing leaves the clinic.", code="k")
    return Export(found, k, cohort.everybody, made_up)


def archive_of(export: Export) -> bytes:
    """Return the archive with both files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in ((TABLE_NAME, _table(export)), (DICTIONARY_NAME, _dictionary(export))):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), _csv(rows))
    return out.getvalue()


def name_of(archive: bytes) -> str:
    """Return what the audit log calls an export: the beginning of its SHA-256."""
    return f"export/{hashlib.sha256(archive).hexdigest()[:16]}"


def _table(export: Export) -> Iterable[Sequence[str]]:
    yield [each.name for each in COLUMNS]
    yield from export.coarse.rows


def _dictionary(export: Export) -> Iterable[Sequence[str]]:
    yield ("name", "value", "unit", "quasi_identifier")
    for each in COLUMNS:
        yield (each.name, each.words, each.unit, "yes" if each.is_quasi else "no")
    yield ("k", str(export.k), "", f"by {export.pycanon}, over {' '.join(QUASI)}")
    yield ("k_least", str(K_LEAST), "", "")
    yield ("coarsened", export.coarse.step.words, "", "")
    yield ("rows", str(len(export.coarse.rows)), "", "")
    yield ("rows_left_out_as_too_rare", str(export.coarse.suppressed), "", "")
    yield ("patients_looked_at", str(export.everybody), "", "")
    yield ("data", MADE_UP if export.made_up else "from verified records", "", "")


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([neutral(each) for each in row])
    return out.getvalue().encode("utf-8-sig")
