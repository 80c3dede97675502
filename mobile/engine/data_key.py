"""Changes the store's data key when it's due, a few rows at a time, and never in a session."""

from __future__ import annotations

import logging

from mobile.engine.context import Context
from mobile.platform import KeyStoreError
from mobile.store import StoreError

log = logging.getLogger(__name__)

# A step of this size takes a few milliseconds: STOP shares the loop with it.
_ROWS_A_STEP = 20
_PAUSE_MS = 100


async def change_when_due(context: Context) -> None:
    """Begin or go on with the change, if it's time; what stops it is tried again another day."""
    rotation = context.store.rotation
    now_ms = context.instants.wall_ms()
    try:
        if not rotation.is_due(now_ms=now_ms):
            return
        rotation.begin(now_ms=now_ms)
        while context.session is not None or rotation.step(_ROWS_A_STEP):
            await context.clock.sleep_ms(_PAUSE_MS)
    except (StoreError, KeyStoreError) as problem:
        log.warning("the store's key stays as it is for now: %s", problem)
        return
    log.info("the store has a new data key")
