"""What counts as a statement of one clinic, and that the cloud's tests fail for any other."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cloud.alerts.models import Alert
from cloud.db import Database
from cloud.migrations.run import migrate
from tests.cloud.distribution.listening import Heard, listening
from tests.cloud.distribution.statements import asked

OF_ONE_CLINIC = (
    "SELECT a.x FROM alerts AS a WHERE a.clinic_id = %(c)s::VARCHAR AND a.x IN (%(x)s)",
    "SELECT x FROM alerts WHERE clinic_id = %(c)s FOR UPDATE SKIP LOCKED",
    "SELECT 1 FROM alerts JOIN patients ON patients.clinic_id = alerts.clinic_id"
    " AND patients.patient_id = alerts.patient_id WHERE alerts.clinic_id = %(c)s",
    "SELECT 1 FROM alerts LEFT OUTER JOIN staff AS s ON alerts.clinic_id = s.clinic_id"
    " WHERE (alerts.clinic_id = %(c)s AND s.left_ms IS NULL)",
    "SELECT 1 FROM alerts WHERE alerts.clinic_id = %(c)s AND EXISTS (SELECT 1 FROM holds"
    " WHERE holds.clinic_id = alerts.clinic_id AND holds.patient_id = alerts.patient_id)",
    "WITH open AS (SELECT x FROM alerts WHERE clinic_id = %(c)s) SELECT x FROM open",
    "UPDATE alerts SET closed_ms = %(n)s WHERE alerts.clinic_id = %(c)s AND alert_id = %(a)s",
    "DELETE FROM alerts WHERE alerts.clinic_id = %(c)s",
    "INSERT INTO alerts (clinic_id, alert_id) VALUES (%(c)s, %(a)s) ON CONFLICT DO NOTHING",
    "SELECT version_num FROM alembic_version FOR UPDATE SKIP LOCKED",
)
OF_NOBODY_KNOWS_WHICH = {
    "SELECT x FROM alerts WHERE alert_id = %(a)s FOR UPDATE SKIP LOCKED": "asks alerts",
    "SELECT x FROM alerts WHERE clinic_id = %(c)s OR alert_id = %(a)s": "asks alerts",
    "SELECT x FROM alerts WHERE clinic_id <> %(c)s": "asks alerts",
    "SELECT 1 FROM alerts JOIN patients ON patients.patient_id = alerts.patient_id"
    " WHERE alerts.clinic_id = %(c)s": "asks patients",
    "SELECT 1 FROM patients WHERE clinic_id = patient_id": "asks patients",
    "SELECT 1 FROM alerts WHERE alerts.clinic_id = %(c)s AND EXISTS (SELECT 1 FROM holds"
    " WHERE holds.patient_id = alerts.patient_id)": "asks holds",
    "SELECT 1 FROM alerts, holds WHERE alerts.clinic_id = %(c)s": "asks holds",
    "WITH open AS (SELECT x FROM alerts) SELECT x FROM open": "asks alerts",
    "UPDATE alerts SET closed_ms = %(n)s WHERE alert_id = %(a)s": "asks alerts",
    "UPDATE alerts SET clinic_id = %(n)s WHERE clinic_id = %(c)s": "changes clinic_id of alerts",
    "DELETE FROM alerts WHERE alert_id = %(a)s": "asks alerts",
    "INSERT INTO alerts (alert_id) VALUES (%(a)s)": "inserts into alerts",
}


@pytest.mark.parametrize("statement", OF_ONE_CLINIC)
def test_a_statement_that_binds_its_clinic_is_in_order(statement: str) -> None:
    assert asked(statement, "postgresql").wrong == ()


@pytest.mark.parametrize("statement", OF_NOBODY_KNOWS_WHICH)
def test_a_statement_that_does_not_is_named_with_its_table(statement: str) -> None:
    (wrong,) = asked(statement, "postgresql").wrong
    assert wrong.startswith(OF_NOBODY_KNOWS_WHICH[statement])


def test_what_the_clouds_own_code_asks_is_heard_and_what_a_test_asks_is_not(
    tmp_path: Path, offending: dict[str, None]
) -> None:
    url = f"sqlite+pysqlite:///{tmp_path / 'heard.sqlite'}"
    migrate(url)
    database = Database(url)
    written: dict[str, Any] = {"__name__": "cloud.forgetful", "select": select, "Alert": Alert}
    exec("def everybody(session):\n    return session.scalars(select(Alert)).all()", written)
    heard: list[Heard] = []
    with database.read("demo") as session, listening(heard.append):
        session.scalars(select(Alert)).all()
        assert heard == []
        written["everybody"](session)
    database.close()
    (only,) = heard
    assert only.author == "cloud.forgetful.everybody"
    assert only.asked.tables == {"alerts"}
    assert only.offends
    assert list(offending) == [str(only)]
    offending.clear()


def test_the_ids_of_all_clinics_may_be_asked_for(tmp_path: Path) -> None:
    url = f"sqlite+pysqlite:///{tmp_path / 'all.sqlite'}"
    migrate(url)
    database = Database(url)
    heard: list[Heard] = []
    with listening(heard.append):
        database.all_clinics()
    database.close()
    assert [(each.author, bool(each.asked.wrong)) for each in heard] == [
        ("cloud.db.all_clinics", True)
    ]
    assert not heard[0].offends
