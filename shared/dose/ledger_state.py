"""What a ledger adds up to: plain values, bounded however long the history.

Proven instants (``_ms``) are milliseconds of proven elapsed time since provisioning (R5); ``_s``
and ``wall`` are the trusted wall clock's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.dose.totals import Amount, Windows
from shared.trust.statements import Gate, GateOutcome, HoldKind, RevocationKind
from shared.wire import records
from shared.wire.records import SessionKind

OPEN_HOLDS_MAX = 8
"""Holds that are kept one by one; further ones join the last one's count (R21)."""

APPS_MAX = 2
"""Enrolled apps; the newer takes the older one's place (R22)."""

REVOCATIONS_MAX = 64
"""Revoked keys that the device has room for; one more is refused and so locks by clearance."""

PAST_COURSES_MAX = 16
FORMER_PATIENTS_MAX = 4
"""Patients of before whose charges are kept apart; those of earlier ones are kept as one (R23)."""

SUPERVISED_FOR_MS = 60 * 60_000
"""A statement of presence is good for one session, opened within an hour (own figure)."""


@dataclass(frozen=True)
class OpenSession:
    """A session that has not been closed."""

    session_id: bytes
    prescription_hash: bytes
    planned_pulses: int
    planned_trains: int
    kind: SessionKind = SessionKind.TREATMENT
    supervised: bool = False
    charged_pulses: int = 0
    trains_begun: int = 0
    counted: bool = False
    stopped: bool = False
    reserved: records.SliceReservedBody | None = None


@dataclass(frozen=True)
class ClosedSession:
    """What a session came to. ``trains_begun`` counts the trains that fired or were broken;
    ``stopped`` says that STOP or the button was used in it; ``red_flag`` is None until the
    questions after it were answered (R9)."""

    session_id: bytes
    prescription_hash: bytes
    planned_pulses: int
    charged_pulses: int
    completed: bool
    cause: records.CloseCause
    closed_wall_ms: int | None
    kind: SessionKind = SessionKind.TREATMENT
    planned_trains: int = 0
    trains_begun: int = 0
    closed_proven_ms: int = 0
    stopped: bool = False
    red_flag: bool | None = None


@dataclass(frozen=True)
class OpenHold:
    """A hold in force; ``record_hash`` is the chain's hash at the record that placed it, which a
    lift must name. ``count`` further holds came when there was no room (R21)."""

    hold_id: bytes
    kind: HoldKind
    source: int
    reason: str
    number: int
    record_number: int
    record_hash: bytes = b""
    placed_ms: int = 0
    count: int = 0
    probable_slip: bool = False


@dataclass(frozen=True)
class EnrolledApp:
    """An app that may arm: its key's id and its enrolment's number."""

    key_id: bytes
    number: int


@dataclass(frozen=True)
class Revoked:
    """A key whose word counts no more, and until when what it signed stands."""

    key_id: bytes
    kind: RevocationKind
    until_s: int


@dataclass(frozen=True)
class Course:
    """Charged to one course, and how many of its sessions were completed (R8, R9)."""

    course_id: bytes
    charged: Amount = Amount(0, 0)
    completed: int = 0
    began_wall_ms: int | None = None


@dataclass(frozen=True)
class FormerPatient:
    """What counts again if the device comes back to a patient who had it before (R8, R23)."""

    patient_id: bytes
    windows: Windows
    last_session_pulse_ms: int | None = None
    courses: tuple[Course, ...] = ()
    postponed_until_ms: int | None = None
    postponed_hash: bytes | None = None


@dataclass(frozen=True)
class LedgerState:
    """Everything that the lock needs of the past.

    ``windows`` count this patient's sessions for the prescription's limits, ``ceilings`` every
    pulse of the device for its own: nothing wipes those (R8, R23). ``former`` keeps what counts for
    patients of before, ``forgotten`` the charges of those for whom there was no more room: whoever
    isn't in ``former`` begins with these. ``prescription_hash`` names the treatment, or the end, in
    force. ``wait_number`` is the newest record's from which a wait may run: no head before it says
    how long ago that was (R6).
    """

    number: int = 0
    hash: bytes = b""
    boot_count: int = 0
    boot_base_ms: int = 0
    proven_ms: int = 0
    patient_id: bytes | None = None
    last_patient_id: bytes | None = None
    former: tuple[FormerPatient, ...] = ()
    forgotten: Windows = field(default_factory=Windows)
    retired: bool = False
    apps: tuple[EnrolledApp, ...] = ()
    control_key_id: bytes | None = None
    windows: Windows = field(default_factory=Windows)
    ceilings: Windows = field(default_factory=Windows)
    last_pulse_ms: int | None = None
    last_session_pulse_ms: int | None = None
    serial: int = 0
    prescription_hash: bytes | None = None
    ended: bool = False
    signer: bytes = b""
    titration_hash: bytes | None = None
    titration_signer: bytes = b""
    current_course: Course | None = None
    past_courses: tuple[Course, ...] = ()
    total_pulses: int = 0
    sessions_completed: int = 0
    sessions_partial: int = 0
    session: OpenSession | None = None
    last_session: ClosedSession | None = None
    holds: tuple[OpenHold, ...] = ()
    newest_hold: int = 0
    revocations: tuple[Revoked, ...] = ()
    newest_revocation: int = 0
    clearance: records.ClearanceBody | None = None
    gate_outcome: GateOutcome | None = None
    gate_proven_ms: int = 0
    gate_wall_ms: int | None = None
    gates_confirmed: tuple[Gate, ...] = ()
    postponed_until_ms: int | None = None
    postponed_hash: bytes | None = None
    wait_number: int = 0
    trained: int | None = None
    supervised_until_ms: int | None = None
    catalogue_accepted: bytes | None = None
    root_number: int = 0
    firmware_confirmed: bool = True
    counter: int = 0
    fault: str | None = None

    def proven_at(self, uptime_ms: int) -> int:
        """Return proven elapsed time at an uptime of the present boot."""
        return self.boot_base_ms + uptime_ms

    @property
    def course_id(self) -> bytes | None:
        """The course that sessions are charged to."""
        return None if self.current_course is None else self.current_course.course_id

    @property
    def course(self) -> Amount:
        """What is charged to the course."""
        return Amount(0, 0) if self.current_course is None else self.current_course.charged

    @property
    def course_completed(self) -> int:
        """Completed sessions of the course: ramp and taper advance by these (R9)."""
        return 0 if self.current_course is None else self.current_course.completed

    @property
    def enrolment_number(self) -> int:
        """Number of the newest enrolment."""
        return max((app.number for app in self.apps), default=0)

    def supervised(self, now_ms: int) -> bool:
        """Return whether a trained person's presence covers a session that opens now (R15)."""
        return self.supervised_until_ms is not None and now_ms < self.supervised_until_ms

    def hold(self, hold_id: bytes) -> OpenHold | None:
        """Return an open hold by its id."""
        return next((hold for hold in self.holds if hold.hold_id == hold_id), None)

    def revoked(self, key_id: bytes) -> Revoked | None:
        """Return the revocation of a key by its id, or by the first half of it."""
        return next((r for r in self.revocations if r.key_id.startswith(key_id)), None)
