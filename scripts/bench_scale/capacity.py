"""What many patients would need, reckoned from what one was measured to cost; on paper.

    python -m scripts.bench_scale.capacity              prints the table
    python -m scripts.bench_scale.capacity --write      puts it into docs/scale.md
    ... --costs build/scale.json                        takes the figures of the last run first

The figures stand in costs.json beside this file. How patients and staff behave is assumed, below.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cloud.worker.loop import LATE_MS
from scripts.bench_cloud.ledgers import RECORDS_OF_A_SESSION
from scripts.marked_tables import filled_with

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/scale.md"
KEPT = Path(__file__).with_name("costs.json")
UNKNOWN = "Not measured yet: `make bench-scale`, then the command below with `--costs`.\n"
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
PATIENTS_A_CLINIC = 200
SESSIONS_A_YEAR = 100
PEAK = 4
"""The busiest hour beside the mean one."""
PATIENTS_A_CLINICIAN, LISTS_A_DAY, OPENED_A_DAY, HOURS_A_DAY = 100, 60, 30, 8
FULL = 0.5
"""How much of a core is planned to compute: the rest is for peaks and for one that fails."""
ROUND_S = LATE_MS / 1000
"""A clinic is looked after at least so often, or its phones are told that nobody watches."""
CORES_A_NODE, TB_A_NODE = 32, 4
EUR_A_CORE, EUR_A_TB = 15, 60
"""A month; disks are counted twice, for a standby."""
YEAR_S, DAY_S = 365 * 86_400, 86_400


@dataclass(frozen=True)
class Needs:
    """What so many patients need, in their first year."""

    patients: int
    clinics: int
    records: float
    terabytes: float
    items_a_second: float
    ingest_cores: float
    page_cores: float
    worker_cores: float
    database_cores: float

    @property
    def cores(self) -> int:
        return math.ceil(
            self.ingest_cores + self.page_cores + self.worker_cores + self.database_cores
        )

    @property
    def nodes(self) -> int:
        """Nodes of the database."""
        return max(
            1,
            math.ceil(self.database_cores / CORES_A_NODE),
            math.ceil(self.terabytes / TB_A_NODE),
        )

    @property
    def euros(self) -> float:
        return self.cores * EUR_A_CORE + 2 * self.terabytes * EUR_A_TB


def needs(patients: int, costs: Mapping[str, float]) -> Needs:
    """Reckon for so many patients; ``costs`` are bytes and milliseconds as measured."""
    clinics = math.ceil(patients / PATIENTS_A_CLINIC)
    records = patients * SESSIONS_A_YEAR * RECORDS_OF_A_SESSION
    items = PEAK * records / YEAR_S
    clinicians = patients / PATIENTS_A_CLINICIAN
    lists, opened = (clinicians * each / HOURS_A_DAY / 3600 for each in (LISTS_A_DAY, OPENED_A_DAY))
    looked_after = clinics / ROUND_S
    size = patients * costs["bytes_a_patient"] + records * costs["bytes_a_record"]

    def cores(*each: tuple[float, str]) -> float:
        return sum(rate * costs[name] for rate, name in each) / 1000 / FULL

    return Needs(
        patients=patients,
        clinics=clinics,
        records=records,
        terabytes=size / 1e12,
        items_a_second=items,
        ingest_cores=cores((items, "item_server_ms")),
        page_cores=cores((lists, "triage_page_server_ms"), (opened, "patient_page_server_ms")),
        worker_cores=cores((looked_after, "idle_clinic_worker_ms")),
        database_cores=cores(
            (items, "item_database_ms"),
            (lists, "triage_page_database_ms"),
            (opened, "patient_page_database_ms"),
            (looked_after, "idle_clinic_database_ms"),
        ),
    )


def clinics_a_worker(costs: Mapping[str, float]) -> int:
    """Return how many clinics one worker reaches in a round that isn't late."""
    both = costs["idle_clinic_worker_ms"] + costs["idle_clinic_database_ms"]
    return int(1000 * ROUND_S / both)


def table(costs: Mapping[str, float]) -> str:
    """Return the lines of the table."""
    if not costs:
        return UNKNOWN
    lines = [
        "| patients | clinics | records a year | TB a year | items/s, peak | cores: ingest |"
        " pages | worker | database | database nodes | EUR a month |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for patients in SIZES:
        found = needs(patients, costs)
        cores = (
            found.ingest_cores,
            found.page_cores,
            found.worker_cores,
            found.database_cores,
        )
        lines.append(
            f"| {patients:,} | {found.clinics:,} | {found.records / 1e6:,.0f} M |"
            f" {found.terabytes:,.3g} | {_short(found.items_a_second)} |"
            + "".join(f" {_short(each)} |" for each in cores)
            + f" {found.nodes} | {found.euros:,.0f} |"
        )
    return "".join(f"{line}\n" for line in lines)


def _short(figure: float) -> str:
    return f"{figure:,.2g}" if figure < 100 else f"{figure:,.0f}"


def unit_costs(costs: Mapping[str, float]) -> str:
    """Return the lines of the table of what one costs."""
    if not costs:
        return UNKNOWN
    lines = ["| one of | costs |", "|---|---|"]
    for name, figure in sorted(costs.items()):
        words, _, unit = name.rpartition("_") if name.endswith("_ms") else (name, "", "bytes")
        words = words.removeprefix("bytes_a_").replace("_", " ")
        lines.append(f"| {words} | {figure:,.3g} {unit} |")
    lines.append(f"| worker | {clinics_a_worker(costs):,} clinics in {ROUND_S:.0f} s |")
    return "".join(f"{line}\n" for line in lines)


def filled(document: str, costs: Mapping[str, float]) -> str:
    """Return the document with both tables as they are now."""
    tables = {"costs": lambda: unit_costs(costs), "capacity": lambda: table(costs)}
    return filled_with(document, tables, "bench_scale/capacity")


def kept_costs() -> dict[str, float]:
    """Return the figures that stand beside this file."""
    found: dict[str, float] = json.loads(KEPT.read_text())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="capacity", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/scale.md")
    parser.add_argument("--costs", type=Path, help="figures of a run, kept from now on")
    options = parser.parse_args()
    costs = kept_costs()
    if options.costs:
        costs |= json.loads(options.costs.read_text())
        KEPT.write_text(json.dumps(costs, indent=2, sort_keys=True) + "\n")
    if options.write:
        DOCUMENT.write_text(filled(DOCUMENT.read_text("utf-8"), costs), "utf-8")
    print(unit_costs(costs))
    print(table(costs))


if __name__ == "__main__":
    main()
