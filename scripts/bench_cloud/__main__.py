"""Measures everything once, prints the table, and fails where a limit is missed."""

from __future__ import annotations

import argparse
import sys

from scripts.bench.figures import print_table
from scripts.bench_cloud.alerts import alerts
from scripts.bench_cloud.flood import flood
from scripts.bench_cloud.ingest import ingest
from scripts.bench_cloud.memory import memory
from scripts.bench_cloud.serving import be_quiet

MEASURES = {"alerts": alerts, "ingest": ingest, "flood": flood, "memory": memory}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_cloud", description=__doc__)
    parser.add_argument("--only", choices=MEASURES, nargs="+", default=list(MEASURES))
    options = parser.parse_args()
    be_quiet()
    rows = [row for name in options.only for row in MEASURES[name]()]
    print_table(rows)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
