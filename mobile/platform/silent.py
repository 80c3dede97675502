"""A phone that shows, says and opens nothing: for an app without a person before it.

It doesn't pretend: whoever asks hears that nothing is there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from firmware_bridge.timebase import Clock
from mobile.language import _
from mobile.platform.absent import NoBiometrics, NoScreenPrivacy, StartLink
from mobile.platform.alarms import AlarmPlan, Exactness
from mobile.platform.choice import open_keystore
from mobile.platform.cues import Cue
from mobile.platform.errors import NotOpened
from mobile.platform.keystore import KeyStore
from mobile.platform.notices import Words
from mobile.platform.phone import Phone
from mobile.platform.zone import UTC_NAME


class SilentNotices:
    """Keeps what was to be shown."""

    def __init__(self) -> None:
        self.shown: dict[str, Words] = {}

    @property
    def sentence(self) -> str:
        return _("Nothing is shown here.")

    async def ask(self) -> bool:
        return False

    async def show(self, name: str, words: Words) -> None:
        self.shown[name] = words

    async def take_away(self, name: str) -> None:
        self.shown.pop(name, None)


class SilentStanding:
    """Keeps what was to stand there; `stop` is what its button would call."""

    def __init__(self) -> None:
        self.words: Words | None = None
        self.stop: Callable[[], None] = lambda: None

    def when_stopped(self, stop: Callable[[], None]) -> None:
        self.stop = stop

    async def show(self, words: Words, stop_label: str) -> None:
        self.words = words

    async def end(self) -> None:
        self.words = None


class SilentAlarms:
    """Keeps the plan; nothing rings."""

    def __init__(self) -> None:
        self.plan: AlarmPlan | None = None

    @property
    def exactness(self) -> Exactness:
        return Exactness.WHILE_OPEN

    async def ask_for_exactness(self) -> None:
        return

    async def replace(self, plan: AlarmPlan) -> None:
        self.plan = plan

    async def run(self, clock: Clock) -> None:
        return


class SilentSenses:
    """Neither voice nor sound nor vibration; keeps the cues that were to be given."""

    def __init__(self) -> None:
        self.given: list[Cue] = []

    @property
    def sentence(self) -> str:
        return _("Nothing is heard here.")

    @property
    def is_there(self) -> bool:
        return False

    async def say(self, text: str, language: str) -> None:
        return

    async def hush(self) -> None:
        return

    async def give(self, cue: Cue, *, sound: bool = True, vibration: bool = True) -> None:
        if sound or vibration:
            self.given.append(cue)


class NoWaysOut:
    """Opens nothing."""

    async def dial(self, number: str) -> None:
        raise NotOpened(number)

    async def open(self, address: str) -> None:
        raise NotOpened(address)

    async def hand_on(self, text: str) -> None:
        raise NotOpened(text)


class FixedZone:
    """A zone that is set, not asked for."""

    def __init__(self, zone: str = UTC_NAME) -> None:
        self.zone = zone

    def name(self) -> str:
        return self.zone


def silent_phone(
    open_keys: Callable[[Path], KeyStore] = open_keystore,
    *,
    alarms: SilentAlarms | None = None,
    standing: SilentStanding | None = None,
    zone: FixedZone | None = None,
    senses: SilentSenses | None = None,
) -> Phone:
    """Return the ports of a phone that keeps quiet; keys are kept as on a desktop."""
    senses = senses or SilentSenses()
    return Phone(
        open_keys=open_keys,
        notices=SilentNotices(),
        alarms=alarms or SilentAlarms(),
        standing=standing or SilentStanding(),
        speech=senses,
        cues=senses,
        biometrics=NoBiometrics(),
        privacy=NoScreenPrivacy(),
        ways_out=NoWaysOut(),
        links=StartLink(),
        zone=zone or FixedZone(),
    )
