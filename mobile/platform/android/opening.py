"""All ports of an Android phone together."""

from __future__ import annotations

from pathlib import Path

from mobile.platform.android.alarms import AndroidAlarms
from mobile.platform.android.biometrics import AndroidBiometrics
from mobile.platform.android.bluetooth import ask_for_bluetooth_only
from mobile.platform.android.bridge import Bridge, open_bridge
from mobile.platform.android.cues import AndroidCues
from mobile.platform.android.keystore import AndroidKeyStore
from mobile.platform.android.links import AndroidLinks
from mobile.platform.android.notices import AndroidNotices, AndroidStanding
from mobile.platform.android.privacy import AndroidScreenPrivacy
from mobile.platform.android.speech import AndroidSpeech
from mobile.platform.android.ways_out import AndroidWaysOut
from mobile.platform.android.zone import AndroidZone
from mobile.platform.keystore import KeyStore
from mobile.platform.phone import Phone


def open_android_phone() -> Phone:
    """Return the ports of the running app; on the main thread."""
    bridge = open_bridge()
    ask_for_bluetooth_only(bridge)
    return android_phone(bridge)


def android_phone(bridge: Bridge) -> Phone:
    """Return the ports over a bridge."""

    def open_keys(data: Path) -> KeyStore:
        return AndroidKeyStore(data, bridge)

    return Phone(
        open_keys=open_keys,
        notices=AndroidNotices(bridge),
        alarms=AndroidAlarms(bridge),
        standing=AndroidStanding(bridge),
        speech=AndroidSpeech(bridge),
        cues=AndroidCues(bridge),
        biometrics=AndroidBiometrics(bridge),
        privacy=AndroidScreenPrivacy(bridge),
        ways_out=AndroidWaysOut(bridge),
        links=AndroidLinks(bridge),
        zone=AndroidZone(bridge),
    )
