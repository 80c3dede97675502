"""What is shown of the inbox: open or closed, how urgent, about whom; the address says which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cloud.alerts.models import Alert
from cloud.language import _, p_


class Show(StrEnum):
    """Alerts that are open, or those that ended of late."""

    OPEN = "open"
    CLOSED = "closed"


class Urgency(StrEnum):
    """How urgent."""

    ALL = "all"
    NOW = "now"
    TODAY = "today"


class Of(StrEnum):
    """About whom, or in whose hands."""

    ALL = "all"
    PATIENTS = "patients"
    CLINIC = "clinic"
    MINE = "mine"


@dataclass(frozen=True)
class Choice:
    """One choice of each kind."""

    show: Show = Show.OPEN
    urgency: Urgency = Urgency.ALL
    of: Of = Of.ALL

    @property
    def query(self) -> str:
        """The choice as an address has it."""
        return f"show={self.show}&urgency={self.urgency}&of={self.of}"

    def but(
        self, *, show: Show | None = None, urgency: Urgency | None = None, of: Of | None = None
    ) -> Choice:
        """Return this choice with one thing otherwise."""
        return Choice(show or self.show, urgency or self.urgency, of or self.of)

    @property
    def chips(self) -> tuple[tuple[tuple[str, str, bool], ...], ...]:
        """The choices by kind: each one's address, its words, and whether it is made."""
        kinds = (
            (
                (self.but(show=Show.OPEN), _("Open")),
                (self.but(show=Show.CLOSED), p_("alerts", "Ended")),
            ),
            (
                (self.but(urgency=Urgency.ALL), p_("alerts", "Now and today")),
                (self.but(urgency=Urgency.NOW), _("Now only")),
                (self.but(urgency=Urgency.TODAY), _("Today only")),
            ),
            (
                (self.but(of=Of.ALL), p_("alerts", "About everybody")),
                (self.but(of=Of.PATIENTS), _("Patients")),
                (self.but(of=Of.CLINIC), _("The clinic itself")),
                (self.but(of=Of.MINE), _("In my hands")),
            ),
        )
        return tuple(
            tuple((other.query, words, other == self) for other, words in kind) for kind in kinds
        )

    def of_these(self, alerts: Iterable[Alert], staff_id: bytes) -> tuple[Alert, ...]:
        """Return the alerts that it shows; open or closed is asked of the database before."""
        return tuple(each for each in alerts if self._fits(each, staff_id))

    def _fits(self, alert: Alert, staff_id: bytes) -> bool:
        if self.urgency is not Urgency.ALL and alert.urgency != self.urgency:
            return False
        return {
            Of.ALL: True,
            Of.PATIENTS: alert.patient_id is not None,
            Of.CLINIC: alert.patient_id is None,
            Of.MINE: alert.handed_to == staff_id,
        }[self.of]
