"""New stores of these tests have their tables at once."""

from __future__ import annotations

import pytest

from mobile.store import database
from tests.mobile.ready_tables import ready_tables


@pytest.fixture(autouse=True)
def _ready_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "bring_up_to_date", ready_tables)
