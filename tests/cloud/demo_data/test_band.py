"""A made-up band's record beside that of the emulated firmware: the same records in a session."""

from pathlib import Path
from typing import Any

import pytest

from cloud.demo_data.band import DemoBand, Owner, Wanted
from cloud.demo_data.chance import Chance
from shared.dose.prescription import to_bytes
from shared.trust.statements import GateOutcome
from shared.wire import records
from shared.wire.operations import Operation
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import DEVICE_ID, FAR_S, NOW_S, PATIENT_ID, itbs

NOW_MS = NOW_S * 1000
OPENED = records.RecordType.SESSION_OPENED
UNLIKE = {"session_id", "arm_hash", "statement_hash", "prescription_hash"}
"""What two bands never share: ids, and hashes of what was signed for each."""


@pytest.fixture
def real(tmp_path: Path) -> Band:
    made = Band(tmp_path / "band")
    made.ready()
    made.start()
    return made


@pytest.fixture
def demo() -> DemoBand:
    """A made-up band that waits for its first session."""
    chance = Chance(1)
    made = DemoBand(DEVICE_ID, chance.key(), chance)
    made.provision(Owner("demo", PATIENT_ID, b"transfer", b"assignment"), now_ms=NOW_MS)
    made.install(to_bytes(itbs()), bytes(16), now_ms=NOW_MS)
    made.clear(records.ClearanceBody(bytes(32), NOW_S, 1, 0, 0, FAR_S), now_ms=NOW_MS)
    made.write(records.GateAnswersBody(bytes(32), GateOutcome.PASS, 0, 1), now_ms=NOW_MS)
    return made


def session_of(data: list[bytes]) -> list[tuple[Any, ...]]:
    """The records from the opening of the session on: type, uptime since then, what they say."""
    found = [records.decode_record(each) for each in data]
    first = next(index for index, each in enumerate(found) if each.type is OPENED)
    began = found[first]
    proven = "last_pulse_proven_ms"
    return [
        (
            each.type.name,
            each.uptime_ms - began.uptime_ms,
            {
                name: value - began.uptime_ms if name == proven else value
                for name, value in vars(each.body).items()
                if name not in UNLIKE
            },
        )
        for each in found[first:]
    ]


def written(real: Band) -> list[bytes]:
    journal = real.firmware._journal
    return [journal.record(number) for number in range(1, journal.count + 1)]


def test_a_whole_session_is_the_very_one_that_the_firmware_writes(
    real: Band, demo: DemoBand
) -> None:
    real.run_until_fired(600)
    assert demo.asked(now_ms=NOW_MS).permitted
    demo.treat(Wanted(), now_ms=NOW_MS)
    assert session_of(demo.data) == session_of(written(real))


def test_a_stopped_session_has_the_same_kinds_in_the_same_order(real: Band, demo: DemoBand) -> None:
    real.run_until_fired(90)
    real.must(Operation.STOP)
    real.must(Operation.CLOSE)
    demo.treat(Wanted(stopped_after=3), now_ms=NOW_MS)
    kinds = [[each[0] for each in session_of(data)] for data in (demo.data, written(real))]
    assert kinds[0] == kinds[1]


def test_the_shared_lock_decides_for_it(demo: DemoBand) -> None:
    demo.treat(Wanted(), now_ms=NOW_MS)
    hour_ms = 3_600_000
    assert not demo.asked(now_ms=NOW_MS + 5 * hour_ms).permitted
    answers = records.GateAnswersBody(bytes(32), GateOutcome.PASS, 0, 1)
    demo.write(answers, now_ms=NOW_MS + 21 * hour_ms)
    assert demo.asked(now_ms=NOW_MS + 21 * hour_ms).permitted
