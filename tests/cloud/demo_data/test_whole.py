"""A whole made-up clinic: the same by seed, every case told, and a list that stays short."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.service import open_alerts
from cloud.demo_data.cases import CAUSES, Case
from cloud.demo_data.identity import CLINIC_ID
from cloud.demo_data.lists import Lists, ordinary_weekdays
from cloud.ledger.models import LedgerChain
from cloud.models import METADATA
from cloud.patients.gathering import gather_all
from cloud.patients.service import all_patients
from cloud.patients.triage import row
from shared.trust.statements import RevocationKind
from tests.cloud.demo_data.worlds import TIMES, UNTIL, MadeUp, made_up

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

SEALED = {
    "checkins": {"sealed_body"},
    "care_items": {"sealed_body"},
    "received_items": {"body_hash"},
}
"""What phones sealed, and its hash: HPKE draws a key of its own each time. What it opened to stands
in other tables, and is compared there."""
LISTED_PERCENT_MAX = 10


def digests(made: MadeUp) -> dict[str, str]:
    """A digest of every table."""
    found = {}
    with made.database.read(CLINIC_ID) as session:
        for table in METADATA.sorted_tables:
            unlike = SEALED.get(table.name, set())
            columns = [column for column in table.columns if column.name not in unlike]
            rows = sorted(map(repr, session.execute(select(*columns)).all()))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def test_a_seed_makes_the_same_clinic_again_and_another_seed_another(tmp_path: Path) -> None:
    made = [
        made_up(tmp_path / f"{number}", patients=12, weeks=8, seed=seed)
        for number, seed in enumerate((1, 1, 2))
    ]
    one, again, other = map(digests, made)
    assert one == again
    assert {name for name in one if one[name] != other[name]} >= {"patients", "ledger_heads"}
    for each in made:
        each.database.close()


@pytest.fixture(scope="module")
def all_cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeUp]:
    """A clinic that has one patient of each case, and nobody else."""
    folder = tmp_path_factory.mktemp("cases") / "clinic"
    made = made_up(folder, patients=len(Case), weeks=5, cases=tuple(Case))
    yield made
    made.database.close()


def causes(session: Session, case: Case) -> set[str]:
    """The families of the alerts that are open about a case."""
    patient_id = next(
        each.patient_id
        for each in all_patients(session, CLINIC_ID)
        if each.name == case.name_of_patient
    )
    return {
        (each.told or each.cause).partition("/")[0]
        for each in open_alerts(session, CLINIC_ID)
        if each.patient_id == patient_id
    }


ALSO = {Case.OVER_DOSE: {"beyond_day", "beyond_week"}}
"""What a case brings with it: more in one session is more in its day and week."""


@pytest.mark.parametrize("case", CAUSES)
def test_each_case_is_told_by_its_alert_and_no_other(all_cases: MadeUp, case: Case) -> None:
    with all_cases.database.read(CLINIC_ID) as session:
        assert causes(session, case) == {CAUSES[case]} | ALSO.get(case, set())


def test_bands_know_that_a_prescriber_left(all_cases: MadeUp) -> None:
    name = Case.PRESCRIBER_LEFT.name_of_patient
    with all_cases.database.read(CLINIC_ID) as session:
        everybody = all_patients(session, CLINIC_ID)
        patient_id = next(each.patient_id for each in everybody if each.name == name)
        chain = session.scalars(
            select(LedgerChain).where(LedgerChain.patient_id == patient_id)
        ).one()
        folds = all_cases.place.means.folds
        state = folds.state(session, chain, chain.verified_to, chain.verified_hash)
    (revoked,) = state.revocations
    assert revoked.kind is RevocationKind.LEFT
    assert state.signer == revoked.key_id[: len(state.signer)]
    assert not state.ended


def test_each_case_but_the_leavers_stands_on_the_list(all_cases: MadeUp) -> None:
    with all_cases.database.read(CLINIC_ID) as session:
        records = gather_all(session, CLINIC_ID, all_patients(session, CLINIC_ID))
    rows = [row(record, TIMES, now_ms=TIMES.begins(UNTIL)) for record in records]
    quiet = {each.name for each in rows if each.why.urgency == "course"}
    assert quiet == {Case.PRESCRIBER_LEFT.name_of_patient}


def test_an_ordinary_weekday_puts_few_patients_on_the_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lists, patients = Lists(TIMES, ordinary_weekdays(UNTIL)), 50
    made = made_up(tmp_path / "listed", patients=patients, weeks=104, watch=lists.read)
    made.database.close()
    share = lists.percent(patients)
    with capsys.disabled():
        print("", *lists.lines(), f"median: {share:.1f} % of {patients} patients", sep="\n")
    assert len(lists.found) == 12
    assert share <= LISTED_PERCENT_MAX
