"""Draws every view in one setting and saves a picture of each; complains of words cut off.

python -m tests.mobile.screens.sheets.shots build/screenshots phone-en-light-100
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from mobile import toolkit_env
from mobile.language import use
from mobile.presenters.appearance import Appearance, Contrast
from tests.mobile.screens.drawn_as import draw_as
from tests.mobile.screens.sheets.settings import Setting, by_name


def main() -> None:
    """Draw the named setting."""
    parser = argparse.ArgumentParser(description="pictures of all screens in one setting")
    parser.add_argument("folder", type=Path)
    parser.add_argument("setting", type=by_name)
    parser.add_argument("--only", default="", help="a part of the names wanted")
    options = parser.parse_args()
    setting: Setting = options.setting
    window = setting.window
    with tempfile.TemporaryDirectory() as home:
        toolkit_env.settle(Path(home), size=(window.width, window.height), density=window.density)
        folder: Path = options.folder / setting.name
        folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(draw(folder, setting, options.only))


async def draw(folder: Path, setting: Setting, only: str) -> None:
    """Save a picture of each view whose name has ``only`` in it."""
    from mobile.kit.theme import Theme
    from mobile.kit.tokens import Look, read_tokens
    from tests.mobile.screens.clipping import clipped
    from tests.mobile.screens.running import run
    from tests.mobile.screens.sheets.every import every_view
    from tests.mobile.screens.sheets.pages import page_image

    draw_as(Appearance(Contrast(setting.look), setting.text_percent))
    mirrored = use(setting.language).is_mirrored
    theme = Theme(read_tokens(Look(setting.look)), setting.text_percent / 100)
    theme = replace(theme, mirrored=mirrored)
    size = (setting.window.width, setting.window.height)
    async with asynccontextmanager(run)(theme, size) as running:
        for name, view in every_view().items():
            if only not in name:
                continue
            await running.open(view)
            for complaint in clipped(running.app.stage):
                print(f"{setting.name}: {name}: {complaint}", flush=True)
            picture = await page_image(running)
            picture.save(folder / f"{name}.png", compress_level=1)


if __name__ == "__main__":
    main()
