"""`circlet-app`: the patient's app as a process with a window."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mobile import toolkit_env
from mobile.language import LANGUAGES, of_system
from mobile.presenters.appearance import Appearance, Contrast

if TYPE_CHECKING:
    from mobile.app import CircletApp, Engine
    from mobile.drive import DrivePort

NO_DISPLAY = """\
circlet-app: there is no display to open a window on.
  on a desktop   start it from a terminal in a graphical session
  without one    xvfb-run -a -s "-screen 0 1200x1400x24" circlet-app ...
                 or circlet-app --offscreen ... (draws, but shows no window)
"""
NO_DISPLAY_STATUS = 3
EXAMPLES = """\
examples:
  circlet-app --data ~/circlet --ingest http://127.0.0.1:8081
  circlet-app --radio 127.0.0.1:7001 --clock 127.0.0.1:7100 --data build/phone --drive-port 0

Space and Escape are STOP while the band is armed; Tab moves, Enter acts.
"""


def main(arguments: list[str] | None = None) -> None:
    # Nothing that a start makes is garbage: looking for some takes a tenth of it. `starting_app`
    # looks again.
    gc.disable()
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.WARNING,
        format="%(asctime)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    try:
        toolkit_env.settle(
            options.data / "toolkit",
            size=options.size,
            density=options.density,
            offscreen=options.offscreen,
        )
    except toolkit_env.NoDisplayError:
        print(NO_DISPLAY, end="", file=sys.stderr)
        sys.exit(NO_DISPLAY_STATUS)
    _run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="circlet-app",
        description="The patient's app: shows the day, arms the band, keeps and sends the record. "
        "Not a medical device; for demonstration only.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, help="say which version this is, and end")
    _add_parts(parser.add_argument_group("the other parts"))
    _add_window(parser.add_argument_group("the window"))
    _add_testing(parser.add_argument_group("for tests and demos"))
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it's asked for: that takes as long as a frame."""

    def __init__(self, option_strings: Sequence[str], dest: str, **settings: Any) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, help=settings.get("help"))

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"circlet-app {version('circlet')}")
        parser.exit()


def _add_parts(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--data",
        type=Path,
        default=_default_data(),
        metavar="DIR",
        help="folder of the encrypted store (%(default)s)",
    )
    group.add_argument(
        "--ingest",
        type=_address,
        metavar="URL",
        help="the cloud's address for phones, https unless it's on this machine",
    )
    group.add_argument(
        "--authority",
        type=Path,
        metavar="FILE",
        help="certificate of the authority that vouches for it (the system's authorities)",
    )
    group.add_argument(
        "--sync-every-ms",
        type=int,
        metavar="MS",
        help="how often to ask the cloud, in milliseconds (a minute)",
    )
    group.add_argument(
        "--zone", type=_zone, metavar="NAME", help="the person's time zone, as Europe/Berlin"
    )
    group.add_argument(
        "--radio",
        type=_endpoint,
        metavar="HOST:PORT",
        help="virtual radio (the system's Bluetooth)",
    )
    group.add_argument(
        "--clock",
        type=_endpoint,
        metavar="HOST:PORT",
        default=os.environ.get("CIRCLET_CLOCK"),
        help="clock server; also CIRCLET_CLOCK (the system's clock)",
    )

    group.add_argument(
        "--link", metavar="URL", help="the link of a clinic's letter, as the system hands it over"
    )


def _add_window(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--size",
        type=_size,
        default=toolkit_env.DEFAULT_SIZE,
        metavar="WxH",
        help="window in pixels (540x1200)",
    )
    group.add_argument(
        "--density",
        type=float,
        default=toolkit_env.DEFAULT_DENSITY,
        help="pixels per dp (%(default)s)",
    )
    group.add_argument(
        "--text-scale",
        type=_text_scale,
        default=1.0,
        metavar="FACTOR",
        help="size of text, 0.8 to 2.0 (%(default)s)",
    )
    group.add_argument("--dark", action="store_true", help="light words on dark paper")
    group.add_argument(
        "--language",
        choices=sorted(LANGUAGES),
        default=of_system(os.environ),
        help="spoken until the person chooses another (the system's)",
    )
    group.add_argument(
        "--mirrored", action="store_true", help="lay out from right to left, whatever the language"
    )
    group.add_argument(
        "--offscreen", action="store_true", help="draw without a display (SDL's offscreen driver)"
    )


def _add_testing(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--drive-port",
        type=_port,
        metavar="PORT",
        help="take touches as JSON lines on this loopback port; 0 chooses one (off)",
    )
    group.add_argument("--verbose", action="store_true", help="say more on stderr")


def _default_data() -> Path:
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local/share") / "circlet"


def _endpoint(text: str) -> str:
    if re.fullmatch(r"[^:\s]+:\d{1,5}", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no HOST:PORT")
    return text


def _address(text: str) -> str:
    from mobile.sync import AddressRefused, read_address

    try:
        return read_address(text).url
    except AddressRefused as refused:
        raise argparse.ArgumentTypeError(f"{text!r}: {refused.problem}") from None


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone") from None


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,4})x(\d{3,4})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no WxH, as 540x1200")
    return int(found[1]), int(found[2])


def _text_scale(text: str) -> float:
    factor = float(text)
    if not 0.8 <= factor <= 2.0:
        raise argparse.ArgumentTypeError("must lie within 0.8 and 2.0")
    return factor


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("must lie within 0 and 65535")
    return port


def _named(options: argparse.Namespace) -> dict[str, Any]:
    """What the command line says to the engine; its own defaults stand for the rest."""
    names = ("data", "radio", "clock", "ingest", "authority", "zone", "sync_every_ms", "language")
    said = {name: getattr(options, name) for name in names}
    said["usual"] = _usual_look(options)
    return {name: value for name, value in said.items() if value is not None}


def _usual_look(options: argparse.Namespace) -> Appearance:
    """How it looks until the person chooses; what the system would say is said here."""
    return Appearance(
        contrast=Contrast.DARK if options.dark else Contrast.LIGHT,
        text_percent=round(options.text_scale * 100),
        mirrored=options.mirrored,
    )


def _run(options: argparse.Namespace) -> None:
    """Imports late: Kivy reads its environment at import, and --help shouldn't load it all."""
    from kivy.clock import Clock

    from mobile.starting import starting_app

    app, engine = starting_app(
        options.data,
        load=lambda: _load(options),
        usual=replace(_usual_look(options), language=options.language),
        tells_time=options.clock is None,
        when_drawn=lambda: _say_ready(drive),
    )
    drive = _drive_port(app, engine, options.drive_port)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: Clock.schedule_once(lambda _elapsed_s: app.stop(), -1))
    try:
        app.run()
    finally:
        if drive is not None:
            drive.close()


def _load(options: argparse.Namespace) -> Engine:
    from mobile.engine import Options, build
    from mobile.platform import open_phone

    return build(Options(**_named(options)), open_phone(options.link))


def _drive_port(app: CircletApp, engine: Engine, port: int | None) -> DrivePort | None:
    if port is None:
        return None
    from mobile.drive import DrivePort

    return DrivePort(app, engine, port)


def _say_ready(drive: object) -> None:
    port = getattr(drive, "port", None)
    print(f"ready {json.dumps({'port': port})}", flush=True)


if __name__ == "__main__":
    main()
