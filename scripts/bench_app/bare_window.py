"""A window of the app's size with nothing in it: says so at its first flip, and ends.

Kivy as it comes, with the app's size and without reading anybody's settings.
"""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any


def main() -> None:
    """Open the window; Kivy reads its environment at import."""
    width, height = sys.argv[1:3]
    os.environ.update(
        KIVY_HOME=tempfile.mkdtemp(prefix="circlet-bench-"),
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",
    )
    from kivy.config import Config

    Config.set("graphics", "width", width)
    Config.set("graphics", "height", height)

    from kivy.app import App
    from kivy.core.window import Window
    from kivy.uix.widget import Widget

    class Bare(App):  # type: ignore[misc]
        """Nothing but the window."""

        def load_config(self) -> Any:
            return None

        def build(self) -> Widget:
            Window.bind(on_flip=lambda *_: print("ready {}", flush=True))
            return Widget()

    Bare().run()


if __name__ == "__main__":
    main()
