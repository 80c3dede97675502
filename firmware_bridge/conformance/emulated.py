"""An emulated band as processes: a virtual radio, the emulator on it, and a demonstration's keys.

Started by `with`, ended with everything it wrote still in its folder. It imports nothing of the
emulator: any command that prints the same `ready` line and takes the same options will do.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_bridge.demo.keys import DemoKeys, make_keys
from firmware_bridge.hand.hand import HOLD_MS
from firmware_bridge.hand.surface import Surface

READY_WITHIN_S = 40.0
END_WITHIN_S = 8.0
PYTHON = sys.executable
RADIO = (PYTHON, "-m", "firmware_bridge.radio.cli")
EMULATOR = (PYTHON, "-m", "firmware_bridge.emulator.cli")
TOOL = (PYTHON, "-m", "firmware_bridge.tool.cli")
CLOCK = (PYTHON, "-m", "firmware_bridge.timebase.cli")


class DidNotStart(RuntimeError):
    """A process ended, or said nothing in time; the message has the end of its log."""


@dataclass(frozen=True)
class EmulatedBand:
    """Where the parts of one emulated band are, and its keys."""

    folder: Path
    radio: str
    radio_control: str
    control: str
    token: str | None
    keys: DemoKeys
    keys_folder: Path
    clock: str | None
    pids: dict[str, int]

    @property
    def environment(self) -> dict[str, str]:
        """What `circlet-device` finds this band by."""
        named = {
            "CIRCLET_RADIO": self.radio,
            "CIRCLET_CONTROL": self.control,
            "CIRCLET_EMULATOR_TOKEN": self.token,
            "CIRCLET_CLOCK": self.clock,
            "XDG_STATE_HOME": str(self.folder / "state"),
        }
        return {name: value for name, value in named.items() if value}

    def conformance(self, *options: str) -> tuple[str, ...]:
        """The command that holds this band against the specification."""
        ways = ("--radio", self.radio, "--control", self.control, "--token", self.token or "")
        return (*TOOL, "conformance", *ways, "--keys", str(self.keys_folder), *options)

    # The person at the band

    def hold_button(self) -> None:
        """Hold it until pairing is open."""
        self._surface.call_now("POST", "/button", {"hold_ms": HOLD_MS})

    def press_button(self) -> None:
        """Press it and let go."""
        self._surface.call_now("POST", "/button", {"press": True})

    def number_shown(self) -> int | None:
        """The number on the band's display; None while it shows something else."""
        shown = str(self._surface.call_now("GET", "/state")["display"]).replace(" ", "")
        return int(shown) if shown.isdigit() else None

    def confirm_number(self, number: int) -> bool:
        """Compare with the band's, and press its button if they are the same."""
        same = self.number_shown() == number
        if same:
            self.press_button()
        return same

    @property
    def _surface(self) -> Surface:
        return Surface(self.control, self.token)


@contextmanager
def emulated_band(
    folder: Path,
    *,
    emulator: Sequence[str] = EMULATOR,
    options: Sequence[str] = (),
    clock: Sequence[str] | None = None,
) -> Iterator[EmulatedBand]:
    """Run a band of nobody's in a new folder; ``clock`` are options of a clock server to follow."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as leaving:
        parts = _Parts(folder, leaving)
        followed, now_s = None, int(time.time())
        if clock is not None:
            port = parts.start("clock", *CLOCK, "--port", "0", *clock)["port"]
            followed = f"127.0.0.1:{port}"
        keys = make_keys(folder / "keys", now_s)
        air = parts.start("radio", *RADIO, "--port", "0", "--port", "0")
        own_port, radio_port = air["ports"]
        ready = parts.start(
            "emulator",
            *emulator,
            "run",
            "--radio",
            f"127.0.0.1:{own_port}",
            "--state",
            str(folder / "band"),
            "--identity",
            str(folder / "keys" / "device"),
            *(("--clock", followed) if followed else ()),
            *options,
        )
        yield EmulatedBand(
            folder=folder,
            radio=f"127.0.0.1:{radio_port}",
            radio_control=f"127.0.0.1:{air['control_port']}",
            control=f"127.0.0.1:{ready['port']}",
            token=ready.get("token"),
            keys=keys,
            keys_folder=folder / "keys",
            clock=followed,
            pids=parts.pids,
        )


class _Parts:
    """The processes, each ended before the one that was started before it."""

    def __init__(self, folder: Path, leaving: ExitStack) -> None:
        self._folder, self._leaving = folder, leaving
        self.pids: dict[str, int] = {}

    def start(self, name: str, *command: str) -> dict[str, Any]:
        """Start one and return what it said with `ready`."""
        log = self._folder / f"{name}.log"
        with log.open("ab") as errors:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_surroundings(),
            )
        self._leaving.callback(_end, process)
        self.pids[name] = process.pid
        return _ready(name, process, log)


def _ready(name: str, process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    lines: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_pass_on, args=(process, lines), daemon=True).start()
    deadline = time.monotonic() + READY_WITHIN_S
    while (left_s := deadline - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=left_s)
        except queue.Empty:
            break
        if line.startswith(b"ready "):
            said: dict[str, Any] = json.loads(line[6:])
            return said
        if not line:
            break
    end = log.read_text(errors="replace")[-2_000:]
    raise DidNotStart(f"{name} did not get ready:\n{end}")


def _pass_on(process: subprocess.Popen[bytes], lines: queue.Queue[bytes]) -> None:
    """Read until the end, so that the process never waits for a reader."""
    assert process.stdout is not None
    with process.stdout as stdout:
        for line in stdout:
            lines.put(line)
    lines.put(b"")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(END_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _surroundings() -> dict[str, str]:
    """The environment without what would lead a part to another clock or radio."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CIRCLET_")}
    return kept | {"PYTHONUNBUFFERED": "1"}
