"""Draws every sample view and saves each as a picture, for people to look at.

    xvfb-run -a -s "-screen 0 1200x1400x24" python -m tests.mobile.screens.gallery build/gallery

Without a folder the views are judged alone, and how many there were is said at the end.

Options: --text-scale 2 --size 360x640 --density 1 --dark --high --mirrored --only today
--language de --part 1/3
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mobile import toolkit_env
from mobile.language import LANGUAGES, use
from mobile.presenters.appearance import Appearance
from tests.mobile.screens.drawn_as import draw_as


def main() -> None:
    parser = argparse.ArgumentParser(description="pictures of all sample views")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--text-scale", type=float, default=1.0)
    parser.add_argument("--size", default="540x1200")
    parser.add_argument("--density", type=float, default=toolkit_env.DEFAULT_DENSITY)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--high", action="store_true")
    parser.add_argument("--mirrored", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--part", default="1/1", help="2/3: every third view from the second on")
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
    from kivy.logger import Logger

    from mobile.app import CircletApp
    from mobile.kit.picture import save_picture
    from mobile.kit.theme import GREATEST_TEXT_SCALE, Theme
    from mobile.kit.tokens import Look, read_tokens

    look = Look.HIGH if options.high else Look.DARK if options.dark else Look.LIGHT
    draw_as(Appearance(look, round(options.text_scale * 100)))
    mirrored = use(options.language).is_mirrored or options.mirrored
    # Samples are made at import, in the language spoken and the look chosen then.
    from tests.mobile.screens.clipping import clipped
    from tests.mobile.screens.crowding import cramped, crowded
    from tests.mobile.screens.legible import illegible
    from tests.mobile.screens.sheets.every import every_view
    from tests.mobile.unseen import draw_unseen

    if options.folder is None:
        draw_unseen()
    theme = Theme(read_tokens(look), options.text_scale, mirrored)
    views = every_view()
    number, parts = (int(part) for part in options.part.split("/"))
    wanted = [name for name in views if options.only in name][number - 1 :: parts]
    app = CircletApp(SilentEngine(), theme)
    Logger.addHandler(Circles(lambda: print(f"{wanted[0]}: lays itself out in circles")))

    def picture() -> None:
        if not wanted or app.stage.drawn is not views[wanted[0]]:
            return
        name = wanted.pop(0)
        if options.folder is not None:
            save_picture(options.folder / f"{name}.png")
        complaints = [*clipped(app.stage), *crowded(app.stage)]
        if options.text_scale == GREATEST_TEXT_SCALE:
            complaints += [*cramped(app.stage, name), *illegible(app.stage, theme, name)]
        for complaint in complaints:
            print(f"{name}: {complaint}")
        Clock.schedule_once(lambda _: following(), 0)

    def following() -> None:
        if not wanted:
            app.stop()
            return
        app.stage.view = None  # a page of its own: what was typed on the last one isn't on it
        app.receive(views[wanted[0]])

    app.stage.watchers.append(picture)
    Clock.schedule_once(lambda _: following(), 0)
    count = len(wanted)
    app.run()
    if options.folder is None:
        print(f"{count - len(wanted)} views judged")


class Circles(logging.Handler):
    """Hears the toolkit's clock say that a page asks for one more pass again and again."""

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        if "too much iteration" in record.getMessage():
            self._tell()


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
