"""The tables of docs/scale.md are those that the kept costs give."""

from collections import defaultdict

import pytest

from scripts.bench_cloud.ledgers import RECORDS_OF_A_SESSION
from scripts.bench_scale.capacity import (
    DOCUMENT,
    SESSIONS_A_YEAR,
    filled,
    kept_costs,
    needs,
)


def test_the_document_has_the_tables_of_the_kept_costs() -> None:
    document = DOCUMENT.read_text("utf-8")
    wanted = filled(document, kept_costs())
    assert document == wanted, "run: .venv/bin/python -m scripts.bench_scale.capacity --write"


def test_ten_times_the_patients_need_ten_times_as_much() -> None:
    costs: dict[str, float] = defaultdict(lambda: 1.0)
    small, large = (needs(patients, costs) for patients in (100_000, 1_000_000))
    assert small.records == 100_000 * SESSIONS_A_YEAR * RECORDS_OF_A_SESSION
    assert small.terabytes == pytest.approx((100_000 + small.records) / 1e12)
    for each in ("records", "terabytes", "items_a_second", "worker_cores", "database_cores"):
        assert getattr(large, each) == pytest.approx(10 * getattr(small, each)), each
