"""Starts the app in a process of its own: `python -m tests.mobile.first_view_alone DATA`.

Once its first view is drawn, says which modules that took, and ends without an engine.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main(data: Path) -> None:
    """Print the view's kind and the modules as a line of JSON."""
    from mobile import toolkit_env
    from mobile.presenters.appearance import Appearance

    toolkit_env.settle(
        data / "toolkit",
        size=toolkit_env.DEFAULT_SIZE,
        density=toolkit_env.DEFAULT_DENSITY,
        offscreen=True,
    )
    from mobile.starting import starting_app

    def tell() -> None:
        seen = {"view": type(app.stage.drawn).__name__, "modules": sorted(sys.modules)}
        print(json.dumps(seen), flush=True)
        # What would follow is the engine.
        os._exit(0)

    app, _engine = starting_app(
        data, load=lambda: sys.exit("too late"), usual=Appearance(), when_drawn=tell
    )
    app.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
