"""Which share of an upload's time goes where: the same upload once more, its stages timed."""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from starlette.testclient import TestClient

from cloud.ingest import app as phones_app
from cloud.ingest import ledger_items
from cloud.ingest.items import ItemIntake
from cloud.ledger import effects, stretches
from cloud.ledger.batch import Batch
from cloud.ledger.intake import Intake
from cloud.phones.signatures import RequestVerifier
from cloud.serving import settle
from scripts.bench.figures import Row
from scripts.bench_cloud.ledgers import long_ledger
from scripts.bench_cloud.uploads import body_of
from tests.cloud.phone import Phone
from tests.cloud.worlds import World

STAGES = (
    ("the request's signature and nonce", RequestVerifier, "verify"),
    ("reading the body into items", phones_app, "_parse"),
    ("reading records", Batch, "add_record"),
    ("the band's signature", Batch, "add_head"),
    ("chain, what is known, answers", Intake, "run"),
    ("storing records", stretches, "keep"),
    ("fold, sessions, flaws", effects, "apply"),
    ("doses by day", ledger_items, "sum_up"),
    ("all items", ItemIntake, "take"),
)
WITHIN = {
    "chain, what is known, answers": ("storing records",),
    "all items": (
        "reading records",
        "the band's signature",
        "chain, what is known, answers",
        "fold, sessions, flaws",
        "doses by day",
    ),
}
SORTING = "ids, the receipt, and the rest of taking items in"
REST = "transport, answer, commit"


def shares(name: str, world: World, size: int) -> Iterator[Row]:
    """Yield each stage's share in percent; the timers' own cost is in them."""
    with TestClient(phones_app.create_app(world.settings, world.clock)) as client:
        phone = Phone(world, client)
        assert phone.enrol(world.enrol()[1]).status_code == 200
        request = phone.signed("POST", "/v1/items", body_of(long_ledger(world, phone, size - 1), 1))
        settle()  # as the server does when it starts
        with _timed() as spent:
            began = time.perf_counter()
            assert phone.send(request).status_code == 200
            whole = time.perf_counter() - began
    world.database.close()
    own = {stage: seconds - sum(spent[part] for part in WITHIN.get(stage, ()))
           for stage, seconds in spent.items()}  # fmt: skip
    own[SORTING] = own.pop("all items")
    own[REST] = whole - sum(own.values())
    for stage, seconds in own.items():
        yield Row(f"{name}: {stage}", 100 * seconds / whole, "%")


@contextmanager
def _timed() -> Iterator[dict[str, float]]:
    spent: dict[str, float] = defaultdict(float)
    with ExitStack() as patches:
        for stage, owner, name in STAGES:
            timed = _timer(getattr(owner, name), spent, stage)
            patches.enter_context(patch.object(owner, name, timed))
        yield spent


def _timer(function: Callable[..., Any], spent: dict[str, float], stage: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def timed(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            spent[stage] += time.perf_counter() - began

    return timed
