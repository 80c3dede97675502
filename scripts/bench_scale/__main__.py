"""Measures at scale once, prints the table, and fails where a promise is missed.

The figures that `scripts.bench_scale.capacity` reckons with are left in build/scale.json.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.bench.figures import Row, print_table
from scripts.bench_cloud.serving import be_quiet
from scripts.bench_scale.costs import Costs
from scripts.bench_scale.fhir import fhir
from scripts.bench_scale.fleet import fleet
from scripts.bench_scale.gateways import gateways
from scripts.bench_scale.ingest import ingest
from scripts.bench_scale.scale import Scale
from scripts.bench_scale.timeline import timeline
from scripts.bench_scale.triage import triage
from scripts.bench_scale.worker import worker
from tests.cloud.cluster import Cluster

PARTS: dict[str, Callable[[Cluster, Scale, Costs], Iterator[Row]]] = {
    "timeline": timeline,
    "ingest": ingest,
    "triage": triage,
    "fhir": fhir,
    "fleet": fleet,
    "worker": worker,
    "gateways": gateways,
}
COSTS = Path("build/scale.json")


def main() -> int:
    options = _options()
    be_quiet()
    scale = Scale(options.clinics, options.patients, options.few, options.records, options.phones)
    costs, rows = Costs(), []
    for name in options.only:
        cluster = Cluster()
        try:
            for row in PARTS[name](cluster, scale, costs):
                print(f"... {row.name}: {row.figure:.2f} {row.unit}", file=sys.stderr, flush=True)
                rows.append(row)
        finally:
            cluster.remove()
    print_table(rows)
    costs.write(COSTS)
    return 0 if all(row.holds for row in rows) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_scale", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    words = "clinics of the large database (%(default)s)"
    parser.add_argument("--clinics", type=int, default=5_000, help=words)
    words = "clinics of the small one (%(default)s)"
    parser.add_argument("--few", type=int, default=5, help=words)
    words = "patients of each clinic (%(default)s)"
    parser.add_argument("--patients", type=int, default=200, help=words)
    words = "records in the full tables of ingest (%(default)s)"
    parser.add_argument("--records", type=int, default=20_000_000, help=words)
    words = "phones of the largest fleet (%(default)s)"
    parser.add_argument("--phones", type=int, default=64, help=words)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
