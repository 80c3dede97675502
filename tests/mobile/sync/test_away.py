"""A clinic's server that says for how long it can't answer: the phone asks nothing before that,
and for no longer than it waits by itself. Over real HTTP, the clinic's database being away."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from cloud.ingest.app import create_app
from cloud.ingest.problems import AGAIN_S
from mobile.sync import Backoff, ClinicBusy, ClinicUnreachable
from mobile.sync.backoff import LONGEST_MS
from mobile.sync.client import _away_ms
from tests.mobile.sync.season import Season, season

NOBODY_LISTENS = "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2"


@pytest.fixture
async def away(tmp_path: Path) -> AsyncIterator[Season]:
    """A phone whose clinic has just lost its database."""
    async with season(tmp_path) as life:
        database = life.world.settings.model_copy(update={"database_url": NOBODY_LISTENS})
        life.weather.let_answer(create_app(database, life.world.clock))
        yield life


async def test_nothing_is_asked_before_the_time_is_over_that_the_server_named(
    away: Season,
) -> None:
    client, clock, weather = away.client, away.world.clock, away.weather
    with pytest.raises(ClinicUnreachable) as told:
        await client.fetch(0)
    assert not isinstance(told.value, ClinicBusy)
    assert told.value.wait_ms == AGAIN_S * 1000
    weather.let_answer(None)
    asked = weather.requests
    clock.now_ms += AGAIN_S * 1000 - 1
    with pytest.raises(ClinicUnreachable, match="Everything is kept on this phone") as again:
        await client.looks()
    assert (weather.requests, again.value.wait_ms) == (asked, 1)
    clock.now_ms += 1
    await client.looks()
    assert weather.requests == asked + 1


async def test_what_waits_goes_out_when_the_server_is_back(away: Season) -> None:
    away.fetch_record()
    assert not await away.exchange()
    away.weather.let_answer(None)
    assert not await away.exchange()
    away.world.clock.now_ms += AGAIN_S * 1000
    assert await away.exchange()
    assert away.store.outbox.waiting() == 0


@pytest.mark.parametrize(
    ("header", "wait_ms"),
    [
        ("5", 5000),
        ("", 0),
        ("soon", 0),
        ("-1", 0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 0),
        ("301", LONGEST_MS),
        ("9" * 5000, 0),
    ],
)
def test_a_server_that_is_away_is_left_alone_for_no_longer_than_the_longest_wait(
    header: str, wait_ms: int
) -> None:
    assert _away_ms(header) == wait_ms


def test_not_every_phone_comes_back_at_once_and_none_too_early() -> None:
    backoff = Backoff(chance=Random(1))
    waits = {backoff.asked_ms(5_000) for _ in range(100)}
    assert len(waits) > 50
    assert min(waits) >= 5_000
    assert max(waits) <= 6_000
