"""`python -m tests.campaign.schedules`: a campaign; exits with 1 when a rule was broken."""

from __future__ import annotations

import argparse
import secrets
import sys
import time

from tests.campaign.schedules.campaign import Tally, run_campaign, run_share
from tests.campaign.schedules.report import report

EVERY_S = 30.0


def main() -> int:
    """Run it and print what came of it."""
    asked = _arguments()
    seed = secrets.randbelow(2**31) if asked.seed is None else asked.seed
    begun_s, told_s, whole = time.monotonic(), time.monotonic(), Tally()
    if asked.only is not None:
        whole = run_share(seed, [asked.only])
    else:
        for tally in run_campaign(seed, asked.schedules, asked.processes):
            whole.add(tally)
            for failure in tally.failures:
                print(f"failed: SEED={seed} ONLY={failure.index}", flush=True)
            if time.monotonic() - told_s > EVERY_S:
                told_s = time.monotonic()
                print(f"{whole.schedules} run, {len(whole.failures)} failed", flush=True)
    print(*report(whole, seed, time.monotonic() - begun_s), sep="\n")
    return 1 if whole.failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.campaign.schedules", description=__doc__)
    parser.add_argument("--schedules", type=int, default=1_000, metavar="N")
    parser.add_argument("--seed", type=int, metavar="S", help="a fresh one where it isn't given")
    parser.add_argument("--only", type=int, metavar="I", help="run the I-th schedule alone")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
