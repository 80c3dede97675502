"""`circlet-radio`: the virtual radio as a process of its own."""

import argparse
import asyncio
import json
import logging
import selectors
import signal

from firmware_bridge.radio.airtime import PHYS
from firmware_bridge.radio.process import Radio


def main(arguments: list[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.ERROR, format="%(asctime)s %(name)s %(message)s")
    with asyncio.Runner(loop_factory=_punctual_loop if options.phy else None) as runner:
        runner.run(_run(options))


def _punctual_loop() -> asyncio.AbstractEventLoop:
    """A loop that wakes to the microsecond: the usual one rounds up to milliseconds."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="circlet-radio",
        description="A virtual Bluetooth LE radio: controllers that hear each other, each behind "
        "a TCP port for one host. No radio waves and no root; it doesn't encipher its air.",
        epilog="Control: POST /drop breaks every connection; with a JSON body "
        '{"for_ms": n} everybody is out of reach for n real milliseconds too.',
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    parser.add_argument(
        "--port",
        type=int,
        action="append",
        required=True,
        help="port of one controller; give it once for each host; 0 chooses one",
    )
    parser.add_argument(
        "--control-port", type=int, default=0, help="port of the control page; 0 chooses one"
    )
    parser.add_argument(
        "--phy",
        choices=PHYS,
        help="let packets take the time that they need on LE 1M or LE 2M, with no connection "
        "interval; without it they take none",
    )
    return parser


async def _run(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    radio = Radio(host=options.host, phy=PHYS[options.phy] if options.phy else None)
    ports = await radio.start(options.port, options.control_port)
    ready = {"port": ports.hosts[0], "ports": ports.hosts, "control_port": ports.control}
    print(f"ready {json.dumps(ready)}", flush=True)
    await stop.wait()
    await radio.stop()


if __name__ == "__main__":
    main()
