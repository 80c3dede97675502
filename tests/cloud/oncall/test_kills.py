"""Four workers on one database, killed at random: every alert is there once, and was sent."""

import random

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.alerts.models import Alert
from cloud.channels.claims import LEASE_MS
from cloud.ingest.app import create_app
from shared.care.bodies import RedFlag
from tests.cloud.alerts.telling import tell
from tests.cloud.oncall.fleet import alerts_in, four_workers, set_clock
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

pytestmark = pytest.mark.both_databases
ITEMS, KILLS = 60, 12


@pytest.mark.alone
@pytest.mark.long
@pytest.mark.timeout(600)
def test_killed_workers_lose_no_alert_and_double_none(world: World) -> None:
    chance = random.Random(1)
    kills = set(chance.sample(range(ITEMS), KILLS))
    with TestClient(create_app(world.settings, world.clock)) as ingest:
        phone = Phone(world, ingest)
        with four_workers(world) as (workers, mailbox):
            assert phone.enrol(world.enrol()[1]).status_code == 200
            for number in range(ITEMS):
                set_clock(world)
                tell(world, phone, RedFlag(f"sign {number}"))
                if number in kills:
                    workers.kill(chance)
            with mailbox.arrived:
                mailbox.arrived.wait_for(
                    lambda: len(alerts_in(mailbox.came)) >= ITEMS, LEASE_MS / 1000 + 120
                )
    with world.database.read("demo") as session:
        rows = session.scalars(select(Alert).where(Alert.patient_id.is_not(None))).all()
    told = {row.title.partition('"')[2] for row in rows}
    assert told == {f'sign {number}"' for number in range(ITEMS)}
    assert len(rows) == ITEMS
    assert alerts_in(mailbox.came) == {row.alert_id.hex() for row in rows}
    names = {str(mail["Message-ID"]) for mail in mailbox.came if alerts_in([mail])}
    assert len(names) == ITEMS, "what was sent twice was sent under one name"
