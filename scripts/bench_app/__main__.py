"""Measures everything once, prints the table, and fails where a limit is missed."""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from mobile import toolkit_env
from scripts.bench.figures import print_table

MEASURES = {
    "cold-start": "cold_start",
    "stop": "stop",
    "scroll": "scroll",
    "store": "store_rows",
    "memory": "memory",
}
"""By the function that gives its rows."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_app", description=__doc__)
    parser.add_argument("--only", choices=MEASURES, nargs="+", default=list(MEASURES))
    parser.add_argument("--here", action="store_true", help="in this process, one measure")
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("bumble").setLevel(logging.CRITICAL)
    if options.here:
        return _measure(options.only[0])
    # A window is opened once a process: each measure has a process of its own.
    command = [sys.executable, "-m", "scripts.bench_app", "--here", "--only"]
    ended = [subprocess.run([*command, name], check=False).returncode for name in options.only]
    return 1 if any(ended) else 0


def _measure(name: str) -> int:
    """Print one measure's table; 1 where a limit is missed."""
    with tempfile.TemporaryDirectory(prefix="circlet-bench-") as home:
        toolkit_env.settle(
            Path(home), size=toolkit_env.DEFAULT_SIZE, density=toolkit_env.DEFAULT_DENSITY
        )
        logging.getLogger("kivy").setLevel(logging.ERROR)
        module = import_module(f"scripts.bench_app.{name.replace('-', '_')}")
        rows = getattr(module, MEASURES[name])()
    print_table(rows)
    sys.stdout.flush()
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
