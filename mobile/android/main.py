"""Where an Android app begins. `stage` puts this on top of the tree that goes onto the phone."""

from __future__ import annotations

import gc
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mobile.app import Engine

DATA = "circlet"


def main() -> None:
    """Run the app over its private folder, which no other app and no backup reads."""
    # Nothing that a start makes is garbage: looking for some takes a tenth of it. `starting_app`
    # looks again.
    gc.disable()
    from mobile import toolkit_env

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    data = Path(os.environ["ANDROID_PRIVATE"]) / DATA
    trust_the_packed_authorities()
    toolkit_env.settle_on_a_phone(data / "toolkit")

    from mobile.presenters.appearance import Appearance
    from mobile.starting import starting_app

    app, _engine = starting_app(data, load=lambda: _load(data), usual=Appearance())
    app.run()


def _load(data: Path) -> Engine:
    from mobile.engine import Options, build
    from mobile.platform import open_phone

    return build(Options(data=data), open_phone())


def trust_the_packed_authorities() -> None:
    """Android keeps its certificate authorities where OpenSSL doesn't look; certifi has some."""
    import certifi

    os.environ.setdefault("SSL_CERT_FILE", certifi.where())


if __name__ == "__main__":
    main()
