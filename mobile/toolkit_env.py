"""Settles Kivy's environment; to be called before Kivy is first imported.

Kivy reads its settings at import, from variables and a file in the home folder. A medical app
takes neither by chance: no settings file, no arguments, no log file, a home of its own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mobile.toolkit_style import import_lean

DEFAULT_SIZE = (540, 1200)
DEFAULT_DENSITY = 1.3125


_PROVIDERS = {"KIVY_WINDOW": "sdl2", "KIVY_TEXT": "sdl2", "KIVY_IMAGE": "sdl2"}
"""What the app draws with; Kivy needn't look for others."""


class NoDisplayError(Exception):
    """There is no display to open a window on."""


def settle(home: Path, *, size: tuple[int, int], density: float, offscreen: bool = False) -> None:
    if offscreen:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
    elif not display_present():
        raise NoDisplayError
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        KIVY_HOME=str(home),
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",
        KIVY_METRICS_DENSITY=str(density),
        **_PROVIDERS,
    )
    _configure(*size)
    import_lean(home)


def display_present() -> bool:
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"))


def _configure(width: int, height: int) -> None:
    from kivy.config import Config

    Config.set("graphics", "width", str(width))
    Config.set("graphics", "height", str(height))
    Config.set("graphics", "resizable", "1")
    Config.set("graphics", "minimum_width", "300")
    Config.set("graphics", "minimum_height", "480")
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("input", "mouse", "mouse,disable_multitouch")
    # The kit smooths its own edges; where a processor draws, samples cost half a start.
    Config.set("graphics", "multisamples", "0")


def settle_on_a_phone(home: Path) -> None:
    """The same on Android, whose window, density and text size are the phone's own."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        KIVY_HOME=str(home),
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",
        **_PROVIDERS,
    )
    from kivy.config import Config

    Config.set("kivy", "exit_on_escape", "0")
    import_lean(home)
