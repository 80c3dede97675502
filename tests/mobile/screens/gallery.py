"""Draws every sample view and saves each as a picture, for people to look at.

    xvfb-run -a -s "-screen 0 1200x1400x24" python -m tests.mobile.screens.gallery build/gallery

Options: --text-scale 2 --size 360x640 --density 1 --dark --high --mirrored --only today
--language de
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mobile import toolkit_env
from mobile.language import LANGUAGES, use


def main() -> None:
    parser = argparse.ArgumentParser(description="pictures of all sample views")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--text-scale", type=float, default=1.0)
    parser.add_argument("--size", default="540x1200")
    parser.add_argument("--density", type=float, default=toolkit_env.DEFAULT_DENSITY)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--high", action="store_true")
    parser.add_argument("--mirrored", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--language", default="en", choices=sorted(LANGUAGES))
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    with tempfile.TemporaryDirectory() as home:
        toolkit_env.settle(
            Path(home),
            size=(width, height),
            density=options.density,
            offscreen=not toolkit_env.display_present(),
        )
        _draw_all(options)


def _draw_all(options: argparse.Namespace) -> None:
    from kivy.clock import Clock

    from mobile.app import CircletApp
    from mobile.kit.picture import save_picture
    from mobile.kit.theme import Theme
    from mobile.kit.tokens import Look, read_tokens

    mirrored = use(options.language).is_mirrored or options.mirrored
    # Samples are made at import, in the language spoken then.
    from tests.mobile.screens.clipping import clipped
    from tests.mobile.screens.sheets.every import every_view

    look = Look.HIGH if options.high else Look.DARK if options.dark else Look.LIGHT
    theme = Theme(read_tokens(look), options.text_scale, mirrored)
    views = every_view()
    wanted = [name for name in views if options.only in name]
    app = CircletApp(SilentEngine(), theme)

    def picture() -> None:
        if not wanted or app.stage.drawn is not views[wanted[0]]:
            return
        name = wanted.pop(0)
        save_picture(options.folder / f"{name}.png")
        for complaint in clipped(app.stage):
            print(f"{name}: {complaint}")
        Clock.schedule_once(lambda _: following(), 0)

    def following() -> None:
        if not wanted:
            app.stop()
            return
        app.receive(views[wanted[0]])

    app.stage.watchers.append(picture)
    Clock.schedule_once(lambda _: following(), 0)
    app.run()


class SilentEngine:
    """Publishes nothing and swallows every act."""

    def subscribe(self, callback: object) -> None: ...

    def subscribe_look(self, callback: object) -> None: ...

    def act(self, action: object) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def drive(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}


if __name__ == "__main__":
    main()
