"""The session under way, noted with each train: a start of the app finds it before the band does.

Only what was last heard, and when; how the session stands now is the band's to say.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from mobile.store import Store, StoreError
from shared.trust.statements import ID_BYTES
from shared.wire import fields
from shared.wire.fields import wire
from shared.wire.status import Status

log = logging.getLogger(__name__)

_SETTING = "session-under-way"


@dataclass(frozen=True)
class Mark:
    """A session as last heard of."""

    session_id: bytes = wire(1, length=ID_BYTES)
    charged_pulses: int = wire(2)
    planned_pulses: int = wire(3)
    train: int = wire(4)
    trains: int = wire(5)
    heard_wall_ms: int = wire(6)
    left: bool = wire(7)
    """The person has left its page: the band hadn't been heard for longer than it goes on."""


class UnderWay:
    """Writes the mark where something of it has changed; the hour alone is no change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        data = store.settings.get(_SETTING)
        self.mark: Mark | None = fields.unpack(Mark, data) if data else None
        self._noted: tuple[object, ...] | None = None

    @property
    def stands_first(self) -> bool:
        """Whether a start of the app comes to the session's page before all others."""
        return self.mark is not None and not self.mark.left

    @property
    def is_left(self) -> bool:
        """Whether the person has left the page of a session whose end nobody heard."""
        return self.mark is not None and self.mark.left

    def leave(self) -> None:
        """The person leaves its page; whatever the band says of it next brings it back, or ends
        it."""
        self._noted = None
        if self.mark is not None:
            self._keep(replace(self.mark, left=True))

    def note(self, status: Status, *, wall_ms: int) -> None:
        """The band is in a session."""
        key = (status.session_id, status.state, status.train)
        if status.session_id is None or key == self._noted:
            return
        self._noted = key
        self._keep(
            Mark(
                status.session_id,
                status.charged_pulses or 0,
                status.planned_pulses or 0,
                status.train or 0,
                status.trains or 0,
                wall_ms,
                left=False,
            )
        )

    def over(self) -> None:
        """The band is in none."""
        self._noted = None
        if self.mark is not None:
            self._keep(None)

    def _keep(self, mark: Mark | None) -> None:
        """A full disk costs the mark, not the session."""
        self.mark = mark
        try:
            self._store.settings.put(_SETTING, b"" if mark is None else fields.pack(mark))
        except StoreError as problem:
            log.warning("the session isn't noted: %s", problem)
