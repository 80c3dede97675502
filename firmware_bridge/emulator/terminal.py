"""The band for a person at a terminal: its display as a line, its button as a key.

b presses the button, h holds it long enough to open pairing, q ends. Not for scripts: these use
the control surface.
"""

from __future__ import annotations

import asyncio
import os
import sys
import termios
import tty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from firmware_bridge.emulator.shell import HOLD_MS, PRESS_MS, RunningBand

KEYS = "b press   h hold   q quit"
CLEAR_LINE = "\r\x1b[2K"


@asynccontextmanager
async def keystrokes() -> AsyncIterator[asyncio.Queue[str]]:
    """Keys as they are pressed, without waiting for a line's end."""
    keys: asyncio.Queue[str] = asyncio.Queue()
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    loop = asyncio.get_running_loop()
    tty.setcbreak(terminal)
    loop.add_reader(terminal, lambda: keys.put_nowait(os.read(terminal, 1).decode("ascii", "?")))
    try:
        yield keys
    finally:
        loop.remove_reader(terminal)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


class Panel:
    """The display line, printed again when it changed."""

    def __init__(self, shell: RunningBand) -> None:
        self._shell = shell
        self._shown = ""

    def show(self) -> None:
        """Print what the band shows now."""
        display = self._shell.core.display
        line = f"[ {display.text:<24} ] light {display.light:<8}  {KEYS}"
        if line != self._shown:
            self._shown = line
            sys.stderr.write(CLEAR_LINE + line)
            sys.stderr.flush()


async def attend(shell: RunningBand) -> None:
    """Show the display and turn keys into presses; return at q or at the input's end."""
    panel = Panel(shell)
    shell.on_display = panel.show
    panel.show()
    async with keystrokes() as keys:
        while (key := await keys.get()) not in ("q", ""):
            if key in ("b", "h"):
                await shell.press(PRESS_MS if key == "b" else HOLD_MS)
    sys.stderr.write("\n")
