"""The person's own hold, after a red flag: kept until the band has it, also over a restart."""

from __future__ import annotations

from firmware_bridge.link import StimulatorClient
from mobile.store import Store

_SETTING = "own-hold"


def keep_own_hold(store: Store, statement: bytes) -> None:
    """Keep a signed hold for the band."""
    store.settings.put(_SETTING, statement)


async def place_own_hold(store: Store, stimulator: StimulatorClient) -> None:
    """Place the hold that waits, if one does; raise LinkError where the band can't be told."""
    statement = store.settings.get(_SETTING)
    if not statement:
        return
    await stimulator.place_hold(statement)
    store.settings.put(_SETTING, b"")
