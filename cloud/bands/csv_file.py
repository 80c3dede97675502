"""The inventory as a file, for whoever keeps it elsewhere too; in English, as every export is.

Who has a band isn't in it: a list of bands leaves the clinic more easily than one of patients.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from cloud.bands.rows import Row
from cloud.clock import instant
from cloud.reports.csv_file import neutral

COLUMNS = (
    "serial",
    "device_id",
    "standing",
    "with_a_patient",
    "firmware",
    "record_verified_to",
    "record_verified",
    "phone_last_heard",
    "set_aside",
    "out_of_use",
    "why",
)


def csv_of(rows: Iterable[Row]) -> bytes:
    """Return the file: UTF-8 with its mark, each cell in quotes, lines ended by CR LF; times in
    UTC."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: neutral(value) for name, value in _line(row).items()})
    return out.getvalue().encode("utf-8-sig")


def _line(row: Row) -> dict[str, str]:
    device = row.device
    return {
        "serial": device.serial,
        "device_id": device.device_id.hex(),
        "standing": _standing(row),
        "with_a_patient": "yes" if device.patient_id is not None else "no",
        "firmware": row.firmware,
        "record_verified_to": str(row.verified_to or ""),
        "record_verified": _when(row.verified_ms),
        "phone_last_heard": _when(row.heard_ms),
        "set_aside": _when(device.aside_ms),
        "out_of_use": _when(device.retired_ms),
        "why": device.retired_why or device.aside_why or "",
    }


def _standing(row: Row) -> str:
    device = row.device
    if device.retired_ms is not None:
        return "out of use"
    if device.aside_ms is not None:
        return "set aside"
    return "free" if device.is_free else "in use"


def _when(at_ms: int | None) -> str:
    return "" if at_ms is None else f"{instant(at_ms):%Y-%m-%dT%H:%M:%SZ}"
