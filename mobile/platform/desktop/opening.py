"""All ports of a desktop together."""

from __future__ import annotations

from mobile.platform.absent import NoBiometrics, NoScreenPrivacy, StartLink
from mobile.platform.choice import open_keystore
from mobile.platform.desktop.alarms import DesktopAlarms
from mobile.platform.desktop.cues import DesktopCues
from mobile.platform.desktop.notices import DesktopNotices, DesktopStanding
from mobile.platform.desktop.notification_service import NotificationService
from mobile.platform.desktop.speech import DesktopSpeech
from mobile.platform.desktop.ways_out import DesktopWaysOut
from mobile.platform.desktop.zone import DesktopZone
from mobile.platform.phone import Phone


def open_desktop_phone(link: str | None = None, bus: str | None = None) -> Phone:
    """Return the ports; ``link`` started the app, ``bus`` is a session bus other than the own."""
    service = NotificationService(bus)
    notices = DesktopNotices(service)
    return Phone(
        open_keys=open_keystore,
        notices=notices,
        alarms=DesktopAlarms(notices),
        standing=DesktopStanding(service),
        speech=DesktopSpeech(),
        cues=DesktopCues(),
        biometrics=NoBiometrics(),
        privacy=NoScreenPrivacy(),
        ways_out=DesktopWaysOut(),
        links=StartLink(link),
        zone=DesktopZone(),
        close=service.disconnect,
    )
