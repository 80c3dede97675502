"""Budgets of time and memory for a microcontroller, as docs/protocol.md prints them, from the code.

Times are those of the profile cortex-m4 (docs/emulator.md); sizes come from the limits of the
fields. Not a measurement of any board.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from firmware_bridge.emulator.face import face, link, pairing
from firmware_bridge.emulator.firmware import (
    core,
    deadlines,
    holds,
    modes,
    requests_taken,
    supervision,
    surroundings,
    timekeeping,
    titration,
    treatment,
)
from firmware_bridge.emulator.profile.figures import CORTEX_M4
from firmware_bridge.emulator.profile.work import AGREEMENTS, VERIFICATIONS
from firmware_bridge.link import beat, blob_door, control_point, record_access
from scripts.protocol_fields import table
from scripts.protocol_sizes import answer_bytes, maximum_bytes
from shared.dose import ledger_state, totals
from shared.stimulation.limits import absolute_limits
from shared.wire import batches, blob_parts, operations, outcomes, records, status
from shared.wire.operations import TABLE, BlobKind, Operation

STOP_LIMIT_MS = 100
"""From the device's knowing to the end of pulses (R3)."""

STOPPING_RECORDS = 2
"""The slice is closed, and the pause stands on the record."""

SIGNING = (Operation.ARM, Operation.HEAD, Operation.RETIRE)
"""Operations whose answer the device signs."""

_TAKEN_BYTES = 4 + 32 + 7
_BUCKET_BYTES = 8 + 8 + 4 + 2
_LONGEST_HOLD_BYTES = 16 + 1 + 1 + 32 + 8 + 8 + 32 + 8 + 2 + 1
_REVOKED_BYTES = 16 + 1 + 8


@dataclass(frozen=True)
class Writes:
    """What an operation writes to flash at most, checkpoints and a session's end apart."""

    records: int = 0
    pages: int = 0

    def __str__(self) -> str:
        if not self.records and not self.pages:
            return "nothing"
        named = ((self.records, "record"), (self.pages, "page"))
        return ", ".join(f"{n} {word}{'s' * (n > 1)}" for n, word in named if n)


WRITES: dict[Operation, Writes] = {
    Operation.NONCE: Writes(pages=1),
    Operation.PROVISION: Writes(2, 1),
    Operation.AUTHORIZE_APP: Writes(1, 1),
    Operation.SET_TIME: Writes(1, 2),
    Operation.INSTALL: Writes(1, 1),
    Operation.CLEARANCE: Writes(1),
    Operation.GATE_ANSWERS: Writes(2),
    Operation.START: Writes(1),
    Operation.RESUME: Writes(1),
    Operation.PAUSE: Writes(2),
    Operation.STOP: Writes(2),
    Operation.CLOSE: Writes(3),
    Operation.PLACE_HOLD: Writes(1),
    Operation.HEAD: Writes(pages=1),
    Operation.LIFT_HOLD: Writes(9),
    Operation.TAKE_BACK: Writes(1),
    Operation.CONFIRM_HOLD: Writes(1),
    Operation.POSTPONE: Writes(1),
    Operation.REVOKE: Writes(1),
    Operation.ROTATE_ROOT: Writes(1, 1),
    Operation.ACCEPT_CATALOGUE: Writes(1),
    Operation.TAKE_CONTROL: Writes(1),
    Operation.RELEASE_CONTROL: Writes(1),
    Operation.SUPERVISE: Writes(1),
    Operation.TRAINING_DONE: Writes(1),
    Operation.SIDE_EFFECT_ANSWERS: Writes(2),
    Operation.ATTEST_TIME: Writes(1, 2),
    Operation.RECEIPT: Writes(pages=1),
    Operation.RESET: Writes(1, 9),
    Operation.RETIRE: Writes(1, 10),
    Operation.TITRATE: Writes(2),
    Operation.REPOSITIONED: Writes(1),
    Operation.PRACTICE: Writes(1),
    Operation.SELF_TEST: Writes(1),
}


def writes(operation: Operation) -> Writes:
    """Return what an operation writes to flash at most."""
    return WRITES.get(operation, Writes())


def effect_ms(operation: Operation) -> int:
    """Return the time from a request's being written to its taking effect."""
    checking_ms = VERIFICATIONS.get(operation, 0) * CORTEX_M4.verify_ms
    agreeing_ms = AGREEMENTS.get(operation, 0) * CORTEX_M4.agree_ms
    return CORTEX_M4.connection_interval_ms + checking_ms + agreeing_ms


def answered_ms(operation: Operation) -> int:
    """Return the time to the answer's arrival, a flash page programmed for each record or page."""
    signing_ms = CORTEX_M4.sign_ms if operation in SIGNING else 0
    written = writes(operation)
    programming_us = (written.records + written.pages) * CORTEX_M4.program_us
    return (
        effect_ms(operation)
        + signing_ms
        + -(-programming_us // 1000)
        + CORTEX_M4.connection_interval_ms
    )


def operation_budgets() -> str:
    """Return what each operation that computes or writes costs."""
    rows = [
        [
            f"[`{operation.name}`](#{operation.name.lower()})",
            str(VERIFICATIONS.get(operation, 0) or "-"),
            str(AGREEMENTS.get(operation, 0) or "-"),
            "1" if operation in SIGNING else "-",
            str(writes(operation)),
            f"{effect_ms(operation):,}",
            f"{answered_ms(operation):,}",
        ]
        for operation in TABLE
        if operation in VERIFICATIONS or operation in WRITES
    ]
    heads = ["operation", "checks", "agrees", "signs", "flash", "effect, ms", "answer, ms"]
    return table(heads, rows)


def stop_steps() -> list[tuple[str, int]]:
    """Return what passes between STOP's being written and the end of pulses, and the answer."""
    writing_us = STOPPING_RECORDS * CORTEX_M4.program_us
    return [
        ("the connection event that carries the one frame", CORTEX_M4.connection_interval_ms),
        ("decoding, the state, the interlock: no signature, no flash, no queue before it", 1),
        ("*pulses have ended*; SLICE_CLOSED, SESSION_PAUSED in flash", -(-writing_us // 1000)),
        ("the connection event that carries the answer", CORTEX_M4.connection_interval_ms),
    ]


def stop_budget() -> str:
    """Return the steps with what has passed after each."""
    rows, passed_ms = [], 0
    for words, took_ms in stop_steps():
        passed_ms += took_ms
        rows.append([words, str(took_ms), str(passed_ms)])
    rows.append(["limit of R3", "", str(STOP_LIMIT_MS)])
    return table(["step", "ms", "passed"], rows)


def deadline_table() -> str:
    """Return every time limit of band and phone that the other side can meet."""
    return table(["what", "limit", "then"], [list(row) for row in _deadlines()])


def _deadlines() -> Iterable[tuple[str, str, str]]:
    caps = absolute_limits().caps
    yield "the button held", _seconds(core.PAIRING_HOLD_MS), "bonding opens"
    yield "bonding open", _seconds(core.PAIRING_OPEN_MS), "pairing not supported"
    yield "a press that confirms the number", _seconds(pairing.CONFIRM_WITHIN_MS), "pairing fails"
    yield "a link that isn't secure", _seconds(link.SECURE_WITHIN_S * 1000), "ended by the band"
    yield (
        "the same advertised address",
        f"{face.ROTATED_AT_EARLIEST_MS // 60_000} to {face.ROTATED_AT_LATEST_MS // 60_000} min",
        "another",
    )
    yield "an ATT transaction (Core, volume 3, part F, 3.3.3)", "30 s", "the link is dead"
    yield "an answer, by the phone", _seconds(control_point.ANSWER_LIMIT_MS), "uncertain"
    yield "the word for a blob, by the phone", _seconds(blob_door.WORD_LIMIT_MS), "asked for"
    yield "silence in a report, by the phone", _seconds(record_access.SILENCE_LIMIT_MS), "asked on"
    yield "a press that agrees (PROVISION, ROTATE_ROOT)", _seconds(core.BUTTON_AGREES_MS), "void"
    yield "armed", _seconds(treatment.ARMED_MS), "IDLE"
    yield "the start window", _seconds(deadlines.START_WINDOW_MS), "a press starts nothing"
    yield "between two beats, by the phone", _seconds(beat.PERIOD_MS), "-"
    yield (
        "without a beat",
        f"`beat_limit_ms`, at most {caps['beat_limit_s_max']} s",
        "pause, disarm",
    )
    yield "an answer to still-here", _seconds(supervision.STILL_HERE_ANSWER_MS), "pause"
    yield "status and telemetry, in a session", _seconds(link.REPEAT_MS), "again"
    yield "between two looks at the sensors", _seconds(surroundings.LOOK_EVERY_MS), "-"
    yield "contact lost", _seconds(surroundings.CONTACT_GRACE_MS), "pause"
    yield "a pause; repositioning", _seconds(treatment.PAUSE_LIMIT_MS), "the session closes"
    yield "a titration", _seconds(titration.TITRATION_LIMIT_MS), "the session closes"
    yield "discharging", _seconds(treatment.DISCHARGE_MS), "IDLE"
    yield "practice", _seconds(modes.PRACTICE_LIMIT_MS), "IDLE"
    yield "the self-test", _seconds(modes.SELF_TEST_MS), "its record, IDLE"
    yield "taking a hold back", _seconds(holds.TAKE_BACK_MS), "`take_back_late`"
    yield "a rest hold", f"{holds.REST_HOLD_MS // 3_600_000} h", "HOLD_EXPIRED"
    yield "between two anchors of proven time", _seconds(timekeeping.ANCHOR_EVERY_MS), "-"


def memory_table() -> str:
    """Return the buffers and bounded lists of a firmware with fixed sizes."""
    rows = [[what, f"{size:,}", why] for what, size, why in _buffers()]
    return table(["what", "bytes", "how"], rows)


def _buffers() -> Iterable[tuple[str, int, str]]:
    kinds = len(BlobKind)
    request, blob = operations.MAXIMUM_REQUEST_BYTES, blob_parts.MAXIMUM_BLOB_BYTES
    longest_answer = max(map(answer_bytes, TABLE))
    yield "reassembly of requests", request, "one request; a longer one is refused anyway"
    yield "the newest request, remembered", request, "to answer it again"
    yield "the newest answer, remembered", longest_answer, "the longest that there is"
    ended = maximum_bytes(outcomes.RequestOutcomeResult)
    remembered = requests_taken.REMEMBERED
    yield (
        "requests and how they ended",
        remembered * (_TAKEN_BYTES + ended),
        f"{remembered}: id, hash, phone, how it ended",
    )
    yield "the status", maximum_bytes(status.Status), "with 40 reasons"
    yield "a batch of records", batches.MAXIMUM_BATCH_BYTES, "on Ledger Data"
    yield "the blob under way", blob, "one at a time"
    yield "blobs that wait", kinds * blob, f"one of each of {kinds} kinds; PROVISION takes 4"
    yield "a record", records.MAXIMUM_RECORD_BYTES, "being written"
    yield (
        "a list of charges",
        _buckets() * _BUCKET_BYTES,
        f"{_buckets():,} buckets of {_BUCKET_BYTES} bytes",
    )
    lists = 3 + ledger_state.FORMER_PATIENTS_MAX
    yield (
        "all lists of charges",
        lists * _buckets() * _BUCKET_BYTES,
        "patient, ceilings; forgotten and four former patients, which may lie in flash",
    )
    holds_max, revoked_max = ledger_state.OPEN_HOLDS_MAX, ledger_state.REVOCATIONS_MAX
    yield "open holds", holds_max * _LONGEST_HOLD_BYTES, f"{holds_max}"
    yield "revoked keys", revoked_max * _REVOKED_BYTES, f"{revoked_max}"


def _buckets() -> int:
    """How many buckets the longest window has at most."""
    apart_ms = totals.BUCKET_MS - totals.SLICE_MS
    return -(-totals.CEILING_WEEK_MS // apart_ms)


def _seconds(ms: float) -> str:
    if ms < 1000:
        return f"{ms:g} ms"
    if ms >= 600_000 and not ms % 60_000:
        return f"{ms / 60_000:g} min"
    return f"{ms / 1000:g} s"
