"""Watches a served desk: the same files as here, look after look, until one differs.

It runs on a machine that is neither the desk's nor the cloud's, under a service manager whose alarm
is this process's end. It doesn't end while all is well, so its silence is worth watching too.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from cloud.desk import bundle

EVERY_S = 300
"""Seconds between two looks, unless said otherwise (own figure)."""
UNANSWERED_LOOKS = 3
"""So many looks in a row without an answer are an alarm as well (own figure)."""

Look = Callable[[], list[str]]


def watch(look: Look, *, every_s: float, pause: Callable[[float], None]) -> list[str]:
    """Look until something is wrong; return what. ``look`` raises OSError without an answer."""
    unanswered = 0
    while True:
        try:
            changed = look()
            unanswered = 0
        except OSError as problem:
            changed, unanswered = [], unanswered + 1
            if unanswered == UNANSWERED_LOOKS:
                return [f"no answer in {UNANSWERED_LOOKS} looks: {problem}"]
        if changed:
            return [f"serves other bytes: {path}" for path in changed]
        pause(every_s)


def main(argv: Sequence[str] | None = None, *, pause: Callable[[float], None] = time.sleep) -> int:
    """Watch; exit status 1 with a line for each thing that is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m cloud.desk.monitor",
        description="Ends with status 1 once a desk serves other files than these, or none.",
    )
    parser.add_argument("origin", help="https://desk.clinic.example")
    parser.add_argument("--every", metavar="SECONDS", type=float, default=EVERY_S)
    arguments = parser.parse_args(argv)
    origin = arguments.origin.rstrip("/")
    files = bundle.load()
    print(f"watching {origin} for {bundle.digest(files)}", flush=True)
    wrong = watch(lambda: bundle.changed_at(files, origin), every_s=arguments.every, pause=pause)
    for line in wrong:
        print(f"{origin} {line}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
