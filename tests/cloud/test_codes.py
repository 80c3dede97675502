"""Enrolment codes: what a stolen database gives of them, and what a try costs."""

import threading
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cloud.phones import codes
from cloud.phones.codes import derive, new_code, read_code
from cloud.phones.enrolment import WRONG_TRIES_MAX
from cloud.phones.models import EnrolmentCode
from tests.cloud.phone import Phone
from tests.cloud.worlds import BIRTH_DATE, World

pytestmark = pytest.mark.usefixtures("dear_codes")
YEAR_S = 365.25 * 86_400


def test_code_and_birth_date_both_count() -> None:
    code = read_code("demo-0123-4567-89AB")
    other = read_code("demo-0123-4567-89AC")
    elsewhere = read_code("other-0123-4567-89AB")
    assert code is not None
    assert other is not None
    assert elsewhere is not None
    mine = derive(code, BIRTH_DATE)
    assert derive(code, BIRTH_DATE) == mine
    assert len(mine.verifier) == len(mine.key) == 32
    for each in (
        derive(code, BIRTH_DATE + timedelta(days=1)),
        derive(other, BIRTH_DATE),
        derive(elsewhere, BIRTH_DATE),
    ):
        assert each.verifier != mine.verifier
        assert each.open(mine.seal("MS")) is None
    assert mine.open(mine.seal("MS")) == "MS"


def test_the_first_group_is_no_part_of_the_secret() -> None:
    code = read_code(new_code("demo"))
    assert code is not None
    assert (len(code.code_id), len(code.secret)) == (4, 9)
    assert (codes.SCRYPT_N, codes.SCRYPT_R, codes.SCRYPT_P) == (2**14, 8, 1)
    assert codes.SCRYPT_BYTES == 16 * 2**20


def test_a_try_costs_what_the_document_says(capsys: pytest.CaptureFixture[str]) -> None:
    code = read_code("demo-0123-4567-89AB")
    assert code is not None
    took = []
    for day in range(5):
        began = time.process_time()
        derive(code, date(1980, 1, 1 + day))
        took.append(time.process_time() - began)
    try_s = sorted(took)[len(took) // 2]
    years = 2**40 / 2 * try_s / YEAR_S
    with capsys.disabled():
        print(f"\nscrypt: {1000 * try_s:.0f} ms a try, {years:,.0f} years of a processor a code")
    # The cheapest is a machine of our time: far below it something of the cost was lost.
    assert try_s > 0.005


def test_the_database_holds_neither_code_nor_birth_date(world: World) -> None:
    _, text = world.enrol()
    code = read_code(text)
    assert code is not None
    with world.database.read("demo") as session:
        stored = session.scalars(select(EnrolmentCode)).one()
    assert stored.code_id == code.code_id
    held = stored.verifier + stored.sealed_initials + stored.code_id.encode()
    assert derive(code, BIRTH_DATE).key not in held
    for part in code.secret.split("-"):
        assert part.encode() not in held


def test_wrong_secrets_void_a_code_as_wrong_dates_do(world: World, ingest: TestClient) -> None:
    _, text = world.enrol()
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    for _ in range(WRONG_TRIES_MAX):
        assert Phone(world, ingest).enrol(wrong).json()["code"] == "code_unknown"
    assert Phone(world, ingest).enrol(text).json()["code"] == "code_unknown"
    with world.database.read("demo") as session:
        assert session.scalars(select(EnrolmentCode)).one().wrong_tries == WRONG_TRIES_MAX


def test_tries_wait_for_each_other() -> None:
    code = read_code("demo-0123-4567-89AB")
    assert code is not None
    derived = threading.Event()

    def third() -> None:
        derive(code, BIRTH_DATE)
        derived.set()

    with codes._trying:
        with codes._trying:
            thread = threading.Thread(target=third)
            thread.start()
            # Many times what a try takes: only this shows that something does not happen.
            assert not derived.wait(0.5)
        assert derived.wait(30)
    thread.join()
