"""Where an Android app begins. `stage` puts this on top of the tree that goes onto the phone."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

DATA = "circlet"


def main() -> None:
    """Run the app over its private folder, which no other app and no backup reads."""
    from mobile import toolkit_env

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    data = Path(os.environ["ANDROID_PRIVATE"]) / DATA
    trust_the_packed_authorities()
    toolkit_env.settle_on_a_phone(data / "toolkit")

    from mobile.app import CircletApp
    from mobile.engine import Options, build
    from mobile.kit.theme import theme_of
    from mobile.platform import open_phone
    from mobile.presenters.appearance import Appearance

    engine = build(Options(data=data), open_phone())
    CircletApp(engine, theme_of(Appearance())).run()


def trust_the_packed_authorities() -> None:
    """Android keeps its certificate authorities where OpenSSL doesn't look; certifi has some."""
    import certifi

    os.environ.setdefault("SSL_CERT_FILE", certifi.where())


if __name__ == "__main__":
    main()
