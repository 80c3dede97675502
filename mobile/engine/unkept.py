"""Holds that the phone's store couldn't keep: signed, in memory, brought to the band all the same.

They last as long as the app runs. Failing closed mustn't wait for room on the phone (R21).
"""

from __future__ import annotations

import logging

from firmware_bridge.link import DeviceRefused, StimulatorClient
from shared.wire.operations import StatusCode

log = logging.getLogger(__name__)


class UnkeptHolds:
    """Signed holds by their id, the oldest first."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, bytes] = {}
        self._known: set[bytes] = set()

    def add(self, hold_id: bytes, statement: bytes) -> None:
        """Have a signed hold brought to the band."""
        self._known.add(hold_id)
        self._waiting[hold_id] = statement

    def knows(self, hold_id: bytes) -> bool:
        """Whether the hold was added in this run of the app, brought to the band or not."""
        return hold_id in self._known

    def waiting(self) -> tuple[bytes, ...]:
        """Return the signed holds that the band hasn't got yet."""
        return tuple(self._waiting.values())

    async def deliver(self, stimulator: StimulatorClient) -> None:
        """Bring them to the band; raise LinkError where it can't be told now: they wait on.

        One that the band refuses waits on too, so that this phone's own lock stays.
        """
        for hold_id, statement in tuple(self._waiting.items()):
            try:
                await stimulator.place_hold(statement)
            except DeviceRefused as problem:
                if problem.status is StatusCode.REFUSED:
                    log.warning("the band refused a hold: %s", problem)
                    continue
                if problem.status is not StatusCode.ALREADY:
                    raise
            self._waiting.pop(hold_id, None)
