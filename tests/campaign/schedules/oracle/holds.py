"""Holds as the door saw them come and go (R21)."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.campaign.schedules.oracle.figures import OPEN_HOLDS, REST, REST_HOLD_US, SAFETY


@dataclass
class Held:
    """One open hold."""

    kind: int
    placed_us: int
    reason: str = ""
    joined: int = 0


@dataclass
class Holds:
    """Open holds by id; ``own`` are those that the device places, by ids of its own choice."""

    open: dict[bytes, Held] = field(default_factory=dict)
    own: int = 0
    newest: int = 0
    ahead: set[int] = field(default_factory=set)
    uncertain: bool = False

    def place(self, hold_id: bytes, kind: int, reason: str, at_us: int, cloud_number: int) -> None:
        """A hold was taken by the device."""
        if cloud_number > self.newest:
            self.ahead.add(cloud_number)
            while self.newest + 1 in self.ahead:
                self.newest += 1
        if hold_id in self.open:
            return
        if len(self.open) + self.own >= OPEN_HOLDS:
            self._join(kind, at_us)
        else:
            self.open[hold_id] = Held(kind, at_us, reason)

    def _join(self, kind: int, at_us: int) -> None:
        """Which one is the last is not known where own ones stand between: then say nothing."""
        if self.own or not self.open:
            self.uncertain = True
            return
        last = list(self.open.values())[-1]
        last.kind = SAFETY if SAFETY in (kind, last.kind) else REST
        last.placed_us, last.joined = at_us, last.joined + 1

    def place_own(self) -> None:
        """The device placed one by itself."""
        self.own += 1

    def take_back(self, hold_id: bytes) -> None:
        """A touch by mistake, if nothing grave and nobody else's."""
        held = self.open.get(hold_id)
        if held and not held.reason.startswith(("seizure", "stroke")) and not held.joined:
            del self.open[hold_id]

    def confirm(self, hold_id: bytes) -> None:
        """A rest hold stays until it is lifted."""
        if hold_id in self.open:
            self.open[hold_id].kind = SAFETY

    def lift(self, hold_ids: list[bytes]) -> None:
        """A person lifted these; ids that nobody outside placed are the device's own."""
        for hold_id in hold_ids:
            if self.open.pop(hold_id, None) is None:
                self.own = max(0, self.own - 1)

    def standing(self, at_us: int) -> bool:
        """Return whether treatment is held at this instant, true time taken for proven."""
        for hold_id, held in list(self.open.items()):
            if held.kind == REST and at_us - held.placed_us >= REST_HOLD_US:
                del self.open[hold_id]
        return bool(self.open or self.own) and not self.uncertain
