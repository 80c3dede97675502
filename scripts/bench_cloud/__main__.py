"""Measures everything once, prints the table, and fails where a limit is missed."""

from __future__ import annotations

import argparse
import logging
import sys

import structlog

from scripts.bench.figures import print_table
from scripts.bench_cloud.alerts import alerts

MEASURES = {"alerts": alerts}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_cloud", description=__doc__)
    parser.add_argument("--only", choices=MEASURES, nargs="+", default=list(MEASURES))
    options = parser.parse_args()
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet)
    rows = [row for name in options.only for row in MEASURES[name]()]
    print_table(rows)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
