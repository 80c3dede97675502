"""Puts the app together so that its first view is drawn before the engine's parts are loaded.

The window and the kit come first, then the view of `mobile.glance.opening`. What the engine needs
(store, Bluetooth, the clinic's protocol) takes longer than all that, and is imported after it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

from mobile.app import CircletApp, Engine
from mobile.glance.opening import first_view, system_ms
from mobile.kit.theme import theme_of
from mobile.late_engine import LateEngine
from mobile.platform.choice import keys_of
from mobile.presenters.appearance import Appearance


def starting_app(
    data: Path,
    *,
    load: Callable[[], Engine],
    usual: Appearance,
    tells_time: bool = True,
    when_drawn: Callable[[], None] = lambda: None,
) -> tuple[CircletApp, LateEngine]:
    """Return the app, not run yet, and its engine. Kivy's environment must be settled.

    Garbage is looked for from the first view on, whoever stopped that for the start.

    ``usual`` is the look until the person chooses; ``tells_time`` is False where the system's
    clock isn't the app's.
    """
    first = first_view(data, keys_of, usual, system_ms() if tells_time else None)
    engine = LateEngine(load, first.view, first.help_page)

    def drawn() -> None:
        gc.enable()
        when_drawn()

    return CircletApp(engine, theme_of(first.look), drawn, first.view), engine
