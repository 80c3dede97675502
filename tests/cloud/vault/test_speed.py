"""How long the list of 500 patients takes, sealed as it is: for who waits for the page."""

import time

import pytest

from cloud.checkins.models import Scored
from cloud.patients.gathering import gather_all
from cloud.patients.service import all_patients
from cloud.patients.triage import Row, row
from cloud.times import Times
from cloud.vault.vault import Vault
from tests.cloud.many_patients import admitted
from tests.cloud.worlds import World

PATIENTS, SCORES = 500, 26


def settle(world: World) -> None:
    with world.database.write("demo") as session:
        for patient_id in admitted(session, PATIENTS, now_ms=world.clock.now_ms):
            session.add_all(
                Scored(
                    clinic_id="demo",
                    patient_id=patient_id,
                    item_id=f"{week}",
                    instrument="phq-9",
                    answered_ms=week,
                    score=week % 27,
                    self_harm=0,
                )
                for week in range(SCORES)
            )


@pytest.mark.long
@pytest.mark.timeout(180)
def test_the_list_of_500_patients(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(world)
    opening, opened, times = Vault.open, 0, Times("UTC")
    spent_s = 0.0

    def timed(self: Vault, *about: object) -> bytes:
        nonlocal opened, spent_s
        began = time.process_time()
        plain = opening(self, *about)  # type: ignore[arg-type]
        opened, spent_s = opened + 1, spent_s + time.process_time() - began
        return plain

    monkeypatch.setattr(Vault, "open", timed)
    _list(world, times)
    opened, spent_s, began = 0, 0.0, time.process_time()
    rows = _list(world, times)
    whole_s = time.process_time() - began
    assert len(rows) == PATIENTS
    with capsys.disabled():
        print(
            f"\nlist of {PATIENTS} patients, {PATIENTS * SCORES} scores: {1000 * whole_s:.0f} ms,"
            f" of it {1000 * spent_s:.0f} ms for {opened} sealed fields,"
            f" {1e6 * spent_s / opened:.0f} us each"
        )
    assert opened <= PATIENTS * 10
    assert spent_s < 0.5 * whole_s


def _list(world: World, times: Times) -> list[Row]:
    with world.database.read("demo") as session:
        records = gather_all(session, "demo", all_patients(session, "demo"))
    return [row(each, times, now_ms=world.clock.now_ms) for each in records]
