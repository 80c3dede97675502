"""Kivy reads its environment at import: settle it first."""

import tempfile
from pathlib import Path

from mobile import toolkit_env

toolkit_env.settle(
    Path(tempfile.mkdtemp(prefix="circlet-toolkit-")),
    size=toolkit_env.DEFAULT_SIZE,
    density=toolkit_env.DEFAULT_DENSITY,
    offscreen=not toolkit_env.display_present(),
)
