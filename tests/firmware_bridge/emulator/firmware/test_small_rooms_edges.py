"""The small rooms of the core, each alone: nonces, deadlines, presence, sensors, tenures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from firmware_bridge.emulator.firmware import tenure as tenures
from firmware_bridge.emulator.firmware.armed import Armed
from firmware_bridge.emulator.firmware.deadlines import FOREVER_MS, Deadlines
from firmware_bridge.emulator.firmware.firing import FiringFault
from firmware_bridge.emulator.firmware.nonces import Nonces
from firmware_bridge.emulator.firmware.outside import LinkSecurity, Refused
from firmware_bridge.emulator.firmware.ports import SensorReading
from firmware_bridge.emulator.firmware.receipts import Correspondence, KeptReceipt, SentHead
from firmware_bridge.emulator.firmware.supervision import Supervision
from firmware_bridge.emulator.firmware.surroundings import Seen, Surroundings
from firmware_bridge.emulator.firmware.tenure import Owner, Tenure
from firmware_bridge.emulator.parts.flash import BlockFlash
from firmware_bridge.emulator.parts.media import MemoryMedium
from shared.dose.lock import Question
from shared.trust.session_key import CommandReader
from shared.wire.operations import (
    NONCE_LIFE_MS,
    NoncePurpose,
    StatusCode,
)
from shared.wire.records import SessionKind
from tests.shared.clinic import itbs
from tests.shared.dose.full_state import FULL, LAST
from tests.shared.prescribed import bilateral


def refusal(act: Callable[..., Any], *given: Any) -> tuple[int, str]:
    """Return status and code of a refusal."""
    with pytest.raises(Refused) as refused:
        act(*given)
    return refused.value.status, refused.value.code


def test_a_refusal_and_a_fault_name_their_code() -> None:
    refused = Refused(StatusCode.ALREADY, "known", (3,))
    assert (str(refused), refused.status, refused.reasons) == ("known", StatusCode.ALREADY, (3,))
    assert str(FiringFault("flash")) == FiringFault("flash").code == "flash"


# Nonces


@dataclass
class Counting:
    """Randomness that counts."""

    given: int = 0

    def bytes(self, count: int) -> bytes:
        self.given += 1
        return self.given.to_bytes(count, "big")


def test_a_nonce_lives_its_time_to_the_millisecond_and_is_used_once() -> None:
    life_ms = NONCE_LIFE_MS[NoncePurpose.ARM]
    for after_ms, lives in ((life_ms - 1, True), (life_ms, False)):
        nonces = Nonces(Counting())
        nonce = nonces.give(NoncePurpose.ARM, 100)
        assert len(nonce) == 16
        if lives:
            nonces.use(NoncePurpose.ARM, nonce, 100 + after_ms)
        else:
            found = refusal(nonces.use, NoncePurpose.ARM, nonce, 100 + after_ms)
            assert found == (StatusCode.NONCE_UNKNOWN, "nonce_expired")
        again = refusal(nonces.use, NoncePurpose.ARM, nonce, 100)
        assert again == (StatusCode.NONCE_UNKNOWN, "nonce_unknown")


def test_a_nonce_is_for_one_purpose_and_the_newest_only() -> None:
    nonces = Nonces(Counting())
    first = nonces.give(NoncePurpose.ARM, 0)
    second = nonces.give(NoncePurpose.ARM, 0)
    unknown = (StatusCode.NONCE_UNKNOWN, "nonce_unknown")
    assert refusal(nonces.use, NoncePurpose.ARM, first, 1) == unknown
    assert refusal(nonces.use, NoncePurpose.TIME, second, 1) == unknown
    nonces.use(NoncePurpose.ARM, second, 1)


# Deadlines and presence


def test_a_state_ends_by_its_own_or_the_sessions_end() -> None:
    found = Deadlines()
    assert found.next_ms == FOREVER_MS
    found.enter(500)
    assert found.next_ms == 500
    found.session_ms = 400
    assert found.next_ms == 400
    found.open_window(10)
    assert found.window_ms == 30_010
    found.enter()
    assert (found.window_ms, found.state_ms) == (0, FOREVER_MS)
    assert found.next_ms == 400
    found.open_window(10)
    found.forget()
    assert (found.window_ms, found.state_ms, found.session_ms) == (0, FOREVER_MS, FOREVER_MS)


def test_beat_and_presence_have_each_their_time() -> None:
    watch = Supervision(3_000, 120_000)
    watch.begin(1_000)
    assert (watch.beat_by_ms, watch.ask_at_ms, watch.answer_by_ms) == (4_000, 121_000, None)
    assert watch.next_ms() == 4_000
    watch.beat(119_000)
    assert watch.next_ms() == 121_000
    watch.ask(121_000)
    watch.ask(122_000)
    assert watch.answer_by_ms == 141_000
    watch.beat(140_000)
    assert watch.next_ms() == 141_000
    watch.still_here(130_000)
    assert watch.answer_by_ms is None
    assert watch.ask_at_ms == 250_000


# Sensors

READING = SensorReading(
    coil_temperature_c=24, contact=True, position_ok=True, battery_percent=80, motion_mg=0
)


@dataclass
class Sensors:
    """Sensors that say what they are told."""

    reading: SensorReading = field(default_factory=lambda: READING)

    def read(self) -> SensorReading:
        return self.reading


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({}, Seen.NOTHING),
        ({"coil_temperature_c": 42}, Seen.NOTHING),
        ({"coil_temperature_c": 43}, Seen.TOO_HOT),
        ({"motion_mg": 299}, Seen.NOTHING),
        ({"motion_mg": 300}, Seen.MOVED),
        ({"position_ok": False}, Seen.SLIPPED),
        ({"position_ok": False, "motion_mg": 300}, Seen.MOVED),
        ({"motion_mg": 300, "coil_temperature_c": 43}, Seen.TOO_HOT),
    ],
)
def test_the_gravest_is_seen_first(changes: dict[str, Any], seen: Seen) -> None:
    around = Surroundings(Sensors(replace(READING, **changes)), 300)
    assert around.look(5) is seen
    assert around.next_look_ms == 55


def test_contact_may_be_lost_for_300_ms() -> None:
    sensors = Sensors()
    around = Surroundings(sensors, 300)
    assert around.next_look_ms == 50
    sensors.reading = replace(READING, contact=False)
    assert around.look(1_000) is Seen.NOTHING
    assert around.look(1_300) is Seen.NOTHING
    assert around.look(1_301) is Seen.CONTACT_LOST
    sensors.reading = READING
    assert around.look(1_350) is Seen.CONTACT_BACK
    assert around.look(1_400) is Seen.NOTHING
    sensors.reading = replace(READING, contact=False)
    assert around.look(1_450) is Seen.NOTHING
    assert around.look(1_750) is Seen.NOTHING


# Links


@pytest.mark.parametrize("missing", ["encrypted", "authenticated", "secure_connections"])
def test_a_link_that_lacks_anything_is_not_enough(missing: str) -> None:
    whole = LinkSecurity(True, True, True, "phone")
    lacking: dict[str, Any] = {missing: False}
    assert whole.is_enough
    assert not replace(whole, **lacking).is_enough


# What was armed


def armed(kind: SessionKind = SessionKind.TREATMENT, **changes: Any) -> Armed:
    reader = CommandReader(b"k" * 32, b"s" * 16)
    return Armed(b"s" * 16, itbs(), b"p" * 32, b"a" * 32, reader, kind, **changes)


def test_a_treatment_is_whole_whatever_went_before() -> None:
    plain = armed()
    assert (plain.first_train(FULL), plain.planned_pulses(FULL)) == (1, 600)
    assert (plain.question, plain.is_titration) == (Question.OPEN, False)


def test_a_make_up_begins_with_the_first_train_that_is_left_whole() -> None:
    rest = armed(SessionKind.MAKE_UP)
    assert LAST.trains_begun == 10
    assert (rest.first_train(FULL), rest.planned_pulses(FULL)) == (11, 300)
    assert rest.question is Question.MAKE_UP
    without = replace(FULL, last_session=None)
    assert (rest.first_train(without), rest.planned_pulses(without)) == (1, 600)


def test_a_titration_has_a_hundred_pulses() -> None:
    measuring = armed(SessionKind.TITRATION)
    assert (measuring.first_train(FULL), measuring.planned_pulses(FULL)) == (1, 100)
    assert (measuring.question, measuring.is_titration) == (Question.OPEN, True)


def test_output_is_never_above_what_was_softened_to() -> None:
    signed = itbs().percent_mso()
    assert armed().percent_mso(0) == signed
    assert armed(softened_percent_mso=signed - 5).percent_mso(0) == signed - 5
    assert armed(softened_percent_mso=100).percent_mso(0) == signed
    both = replace(armed(), prescription=bilateral(ramp=(50,)))
    assert both.percent_mso(1) == bilateral(ramp=(50,)).percent_mso(1, 0)
    assert replace(both, completed_sessions=1).percent_mso(1) == bilateral().percent_mso(1)


# Tenures


def tenure(from_number: int) -> Tenure:
    owner = Owner(b"clinic", b"r" * 33, b"e" * 33, True, b"p" * 16, "T.P.")
    return Tenure(from_number, b"e" * 16, b"clinic", b"h" * 32, 1, 2, 3, False, owner)


def test_the_newest_tenure_whose_record_stands_is_in_force() -> None:
    both = (tenure(5), tenure(9))
    assert tenures.in_force(both, 4) is None
    assert tenures.in_force(both, 5) == both[0]
    assert tenures.in_force(both, 8) == both[0]
    assert tenures.in_force(both, 9) == both[1]
    assert tenures.in_force((), 9) is None


# Receipts


def test_a_receipt_is_over_what_was_sent_and_newer() -> None:
    flash = BlockFlash(MemoryMedium())
    kept = Correspondence(flash)
    kept.load(b"e" * 16)
    assert (kept.sent, kept.receipt, kept.receipted) == (None, None, 0)
    beyond = (StatusCode.REFUSED, "receipt_beyond_head")
    assert refusal(kept.require_receiptable, 1) == beyond
    kept.head_sent(SentHead(7, b"h" * 32))
    kept.require_receiptable(7)
    assert refusal(kept.require_receiptable, 8) == beyond
    kept.keep_receipt(KeptReceipt(b"e" * 16, 5, b"h" * 32))
    assert refusal(kept.require_receiptable, 5) == (StatusCode.ALREADY, "receipt_not_newer")
    kept.require_receiptable(6)
    again = Correspondence(flash)
    again.load(b"e" * 16)
    assert (again.sent, again.receipt, again.receipted) == (kept.sent, kept.receipt, 5)
    another = Correspondence(flash)
    another.load(b"x" * 16)
    assert (another.receipt, another.receipted) == (None, 0)
    assert another.sent == kept.sent
