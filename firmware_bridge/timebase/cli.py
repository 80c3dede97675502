"""`circlet-clock`: the clock server as a process of its own."""

import argparse
import asyncio
import json
import logging
import signal
import time
from datetime import UTC, datetime

from firmware_bridge.timebase.server import ClockServer
from shared.wire.ticks import DEFAULT_STEP_MS


def main(arguments: list[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    asyncio.run(_run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="circlet-clock",
        description="One time for phone, device, cloud and desk: it advances only when every "
        "acknowledging participant has done what was due.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port; 0 chooses one")
    parser.add_argument(
        "--start-wall",
        type=_wall_ms,
        default=None,
        metavar="ISO",
        help="wall time at the start, with its offset, as 2026-03-02T09:00:00+00:00 (now)",
    )
    parser.add_argument(
        "--rate", type=float, default=1.0, help="simulated seconds per real second; 0 stands still"
    )
    parser.add_argument(
        "--step-ms", type=int, default=DEFAULT_STEP_MS, help="length of a step (%(default)s)"
    )
    return parser


def _wall_ms(text: str) -> int:
    instant = datetime.fromisoformat(text)
    aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
    return int(aware.timestamp() * 1000)


async def _run(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    start_wall_ms = options.start_wall
    if start_wall_ms is None:
        start_wall_ms = time.time_ns() // 1_000_000
    server = ClockServer(start_wall_ms=start_wall_ms, rate=options.rate, step_ms=options.step_ms)
    port = await server.start(options.host, options.port)
    print(f"ready {json.dumps({'port': port})}", flush=True)
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    main()
