"""The worker finds a patient's key that is damaged or missing before anybody needs it."""

from pathlib import Path

import pytest

from cloud.alerts.service import open_alerts
from cloud.vault import watch
from tests.cloud.many_patients import admitted
from tests.cloud.workers import worker_of
from tests.cloud.worlds import World

MINUTE_MS = 60_000


def keys_of(world: World, patient_id: bytes) -> list[Path]:
    return sorted(world.settings.vault_folder.rglob(f"*{patient_id.hex()}*"))


def look(world: World) -> int:
    with world.database.write("demo") as session:
        found = watch.look(session, "demo", now_ms=world.clock.now_ms)
    world.clock.now_ms += MINUTE_MS
    return found


def told(world: World) -> list[tuple[str, bool]]:
    with world.database.read("demo") as session:
        return [(each.title, "damaged" in each.detail) for each in open_alerts(session, "demo")]


@pytest.mark.parametrize("damaged", [True, False])
def test_a_key_that_does_not_open_is_told_until_it_is_put_back(world: World, damaged: bool) -> None:
    patient, _ = world.enrol()
    path = keys_of(world, patient.patient_id)[0]
    kept = path.read_bytes()
    worker_of(world).round()
    assert told(world) == []
    path.chmod(0o600)
    if damaged:
        path.write_bytes(bytes(len(kept)))
    else:
        path.unlink()
    assert [look(world), look(world)] == [1, 1]
    assert told(world) == [("A patient's keys do not open", damaged)]
    path.write_bytes(kept)
    assert look(world) == 0
    assert told(world) == []


def test_every_patient_has_a_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "AT_ONCE", 2)
    with world.database.write("demo") as session:
        ids = list(admitted(session, 5, now_ms=world.clock.now_ms))
    for each in ids:
        keys_of(world, each)[0].unlink()
    assert sum(look(world) for _ in range(3)) == 5
    assert len(told(world)) == 5
