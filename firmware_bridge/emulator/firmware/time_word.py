"""What others say of time: the wall clock's setting (R7), and lost time made good (R6).

A token moves the wall clock, which ends permissions; only a prescriber's word moves proven time,
which ends locks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.rooms import Rooms
from firmware_bridge.emulator.firmware.timekeeping import Judgement
from shared.trust import sign1
from shared.trust.staff_words import AttestTime
from shared.trust.statements import ID_BYTES, NONCE_BYTES, Purpose, TimeToken
from shared.wire import fields, records
from shared.wire.fields import wire
from shared.wire.operations import (
    NONCE_LIFE_MS,
    NoncePurpose,
    Nothing,
    Operation,
    StatementArguments,
    StatusCode,
)

FIRMWARE_BUILD_S = 1_767_225_600
"""When this firmware was built, 1 January 2026: no clock is set before it (R7)."""

GIVEN_AGAIN_MS = 86_400_000
"""For so long the same nonce is given to whoever asks (own figure)."""

SPAN_TOLERANCE_MS = 2_000
"""Two roundings to whole seconds (own figure)."""

_PAGE = "attest-nonce"
_USED_UP = b""


@dataclass(frozen=True)
class AttestNonce:
    """A nonce that outlives reboots; ``last_session_id`` is the newest session's when it was
    given, for a later one voids it."""

    nonce: bytes = wire(1, length=NONCE_BYTES)
    given_ms: int = wire(2)
    last_session_id: bytes | None = wire(3, length=ID_BYTES, default=None)


class TimeWord:
    """Carries out what is said about time."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.steps: dict[Operation, Callable[[Any], Any]] = {
            Operation.SET_TIME: self._set_time,
            Operation.ATTEST_TIME: self._attest,
        }

    # The wall clock

    def _set_time(self, given: StatementArguments) -> Nothing:
        """Set the trusted wall clock by a token of the clinic's (R7), on the record first. After a
        loss a jump is provisional: its record has no clock, and nothing goes by it yet."""
        rooms, time = self._rooms, self._rooms.time
        token = rooms.by_certified(TimeToken, given, Purpose.TIME, now_s=time.wall_s())
        rooms.use_nonce(NoncePurpose.TIME, token.nonce)
        judgement = time.judge(
            token.wall_ms,
            earliest_ms=self._earliest_ms(),
            newest_trusted_ms=rooms.journal.newest_trusted_ms,
        )
        if judgement is Judgement.REFUSED:
            raise Refused(StatusCode.REFUSED, "clock_step")
        if judgement is Judgement.TOO_SOON:
            return Nothing()
        provisional = judgement is Judgement.PROVISIONAL
        body = records.ClockSetBody(token.wall_ms, sign1.name_of(given.statement))
        rooms.journal.append(body, None if provisional else token.wall_ms)
        time.set_wall(token.wall_ms, provisional=provisional)
        return Nothing()

    def _earliest_ms(self) -> int:
        """Not before the firmware's build or the clinic's newest signed object."""
        clearance = self._rooms.past.clearance
        prescription = self._rooms.ownership.prescription
        signed = (each for each in (clearance, prescription) if each is not None)
        return max((FIRMWARE_BUILD_S, *(each.issued_s for each in signed))) * 1000

    # Lost time

    def attest_nonce(self) -> bytes:
        """Return the nonce for `attest_time`: the one that waits while it is a day old at most, so
        that who asks again neither voids it nor wears the flash; then a fresh one."""
        kept, now_ms = self._kept_nonce(), self._rooms.time.proven_ms
        waits = kept is not None and kept.last_session_id == self._last_session_id()
        if kept is not None and waits and now_ms < kept.given_ms + GIVEN_AGAIN_MS:
            return kept.nonce
        nonce = self._rooms.parts.randomness.bytes(NONCE_BYTES)
        fresh = AttestNonce(nonce, now_ms, self._last_session_id())
        self._rooms.parts.flash.write_page(_PAGE, fields.pack(fresh))
        return nonce

    def _kept_nonce(self) -> AttestNonce | None:
        page = self._rooms.parts.flash.read_page(_PAGE)
        return fields.unpack(AttestNonce, page) if page else None

    def _last_session_id(self) -> bytes | None:
        last = self._rooms.past.last_session
        return None if last is None else last.session_id

    def _attest(self, _: Any) -> Nothing:
        """Proven time goes on to what a prescriber knows has passed since a head (R6), once."""
        rooms, time = self._rooms, self._rooms.time
        said = rooms.by_staff(AttestTime)
        rooms.require_this_device(said.word.device_id)
        self._check_nonce(said.word.nonce)
        if said.word.boot_count != time.boot_count:
            raise Refused(StatusCode.REFUSED, "other_boot")
        then_ms = self._proven_then_ms(said.word)
        self._check_waits(said.word)
        self._check_span(said.word)
        gained_ms = then_ms + said.word.elapsed_ms - time.proven_ms
        if gained_ms <= 0:
            raise Refused(StatusCode.REFUSED, "nothing_gained")
        rooms.parts.flash.write_page(_PAGE, _USED_UP)
        rooms.journal.write(records.TimeAttestedBody(said.name, gained_ms))
        time.gain(gained_ms)
        return Nothing()

    def _check_nonce(self, nonce: bytes) -> None:
        kept = self._kept_nonce()
        if kept is None or kept.nonce != nonce:
            raise Refused(StatusCode.NONCE_UNKNOWN, "nonce_unknown")
        life_ms = NONCE_LIFE_MS[NoncePurpose.ATTEST_TIME]
        if self._rooms.time.proven_ms >= kept.given_ms + life_ms:
            raise Refused(StatusCode.NONCE_UNKNOWN, "nonce_expired")
        if kept.last_session_id != self._last_session_id():
            raise Refused(StatusCode.NONCE_UNKNOWN, "nonce_void")

    def _check_waits(self, word: AttestTime) -> None:
        """The head isn't before the last session or anything else that began a wait: what was lost
        before would shorten the wait behind it (R4, R6)."""
        if word.head_number < self._rooms.past.wait_number:
            raise Refused(StatusCode.REFUSED, "head_before_wait")

    def _check_span(self, word: AttestTime) -> None:
        """No more can have passed than between the wall clock of the head's record and that of
        now: a prescriber's key alone makes no time (R6, R8)."""
        then_ms = self._rooms.journal.clock_at(word.head_number)
        if then_ms is None:
            raise Refused(StatusCode.REFUSED, "head_without_clock")
        now_ms = self._rooms.time.require_wall_s() * 1000
        if word.elapsed_ms > now_ms - then_ms + SPAN_TOLERANCE_MS:
            raise Refused(StatusCode.REFUSED, "more_than_passed")

    def _proven_then_ms(self, word: AttestTime) -> int:
        """Proven time of the newest record that the head is over, which is no later than the
        head."""
        journal = self._rooms.journal
        with contextlib.suppress(KeyError):
            if journal.hash_at(word.head_number) == word.head_hash:
                return journal.proven_at(word.head_number)
        raise Refused(StatusCode.REFUSED, "other_head")
