"""Let one monkey loose and say where it has been.

xvfb-run -a python -m tests.mobile.monkey --seed 6 --touches 1000
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from mobile import toolkit_env


def main() -> None:
    """Run one seed."""
    parser = argparse.ArgumentParser(description="random touches at the real app")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--touches", type=int, default=1000)
    parser.add_argument("--in-session", action="store_true", help="begin in a running session")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        toolkit_env.settle(Path(folder) / "kivy", size=(360, 640), density=1.0)
        from tests.mobile.monkey.at_large import let_loose

        began = time.monotonic()
        go = let_loose(Path(folder), options.seed, options.touches, in_session=options.in_session)
        monkey = asyncio.run(go)
        taken_s = time.monotonic() - began
    print(f"{monkey.touches} touches in {taken_s:.0f} s, STOP {monkey.stops} times")
    for screen, count in monkey.seen.most_common():
        print(f"{count:6d}  {screen}")


if __name__ == "__main__":
    main()
