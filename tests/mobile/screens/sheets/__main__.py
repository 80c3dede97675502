"""Writes all pictures, sheets and the index page; a process for each setting.

    xvfb-run -a -s "-screen 0 1400x1400x24" python -m tests.mobile.screens.sheets build/screenshots

Ends with 1 where a word is cut off anywhere, or a setting couldn't be drawn.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from tests.mobile.screens.sheets.index import write_index
from tests.mobile.screens.sheets.settings import SETTINGS, Setting
from tests.mobile.screens.sheets.sheet import write_sheets

COLUMNS = {"phone": (8, 250), "small": (8, 250), "tablet": (5, 420)}
"""By the window's name: how many beside each other, and how wide each, in pixels."""
OF_PAGES = "page-"
"""So begin the names of what the browser shows, which `tests.cloud.every_page.pictures` draws."""


def main() -> int:
    """Draw what is asked for; return the exit code."""
    parser = argparse.ArgumentParser(description="contact sheets of all screens")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--setting", default="", help="a part of the settings' names wanted")
    parser.add_argument("--only", default="", help="a part of the screens' names wanted")
    options = parser.parse_args()
    if options.only.startswith(OF_PAGES):
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    settings = [each for each in SETTINGS if options.setting in each.name]
    failed, sheets = False, []
    for setting in settings:
        shutil.rmtree(options.folder / setting.name, ignore_errors=True)
        failed |= not _drawn(options.folder, setting, options.only)
        columns, picture_px = COLUMNS[setting.window.name]
        sheets += write_sheets(
            options.folder / setting.name, options.folder, columns=columns, picture_px=picture_px
        )
    print(f"{len(sheets)} sheets; {write_index(options.folder)}")
    return 1 if failed else 0


def _drawn(folder: Path, setting: Setting, only: str) -> bool:
    """Draw one setting; return whether all is whole."""
    asked = [sys.executable, "-m", "tests.mobile.screens.sheets.shots", str(folder), setting.name]
    asked += ["--only", only] if only else []
    done = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, end="", flush=True)
    return done.returncode == 0 and not done.stdout


if __name__ == "__main__":
    sys.exit(main())
