"""Everything that the system under the app provides, in one hand; chosen once, at the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mobile.platform.alarms import Alarms
from mobile.platform.biometrics import Biometrics
from mobile.platform.cues import Cues
from mobile.platform.keystore import KeyStore
from mobile.platform.links import Links
from mobile.platform.notices import Notices, Standing
from mobile.platform.privacy import ScreenPrivacy
from mobile.platform.speech import Speech
from mobile.platform.ways_out import WaysOut
from mobile.platform.zone import SystemZone


@dataclass(frozen=True)
class Phone:
    """The ports, each with its adapter. `open_keys` opens the keystore for a data folder."""

    open_keys: Callable[[Path], KeyStore]
    notices: Notices
    alarms: Alarms
    standing: Standing
    speech: Speech
    cues: Cues
    biometrics: Biometrics
    privacy: ScreenPrivacy
    ways_out: WaysOut
    links: Links
    zone: SystemZone
    close: Callable[[], None] = lambda: None
