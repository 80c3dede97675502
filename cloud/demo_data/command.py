"""`circlet-cloud demo-data`: makes the clinic, says what its lists held, and how to look at it."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from cloud.clock import instant, open_clock
from cloud.db import Database, make_engine
from cloud.demo_data import team
from cloud.demo_data.lists import Lists, ordinary_weekdays
from cloud.demo_data.making import Order, make, require_empty
from cloud.errors import CloudError, SetupError
from cloud.migrations.run import migrate
from cloud.settings import Settings
from cloud.times import Times
from cloud.vault.opening import open_vault

WEEKS_A_YEAR = 52
Run = Callable[[Settings, argparse.Namespace], None]
Adder = Callable[[str, str, Run], argparse.ArgumentParser]


def add_to(add: Adder) -> None:
    """Add the command; ``add`` makes one from its name, its help and what it runs."""
    command = add("demo-data", "fill an empty database with a clinic of made-up patients", _run)
    command.add_argument("--patients", type=int, default=200, help="how many (%(default)s)")
    command.add_argument("--years", type=float, default=2, help="how long (%(default)s)")
    command.add_argument("--seed", type=int, default=1, help="draws all of it (%(default)s)")
    command.add_argument(
        "--until", type=_day, metavar="DATE", help="the day on which it's looked at (today)"
    )


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-03-02") from None


def _run(settings: Settings, options: argparse.Namespace) -> None:
    if settings.identity is None:
        raise CloudError("name a new folder for the keys with --identity")
    now_ms = open_clock(settings.clock).wall_ms()
    times = Times(settings.time_zone)
    until = options.until or times.day(now_ms)
    order = Order(options.patients, round(options.years * WEEKS_A_YEAR), options.seed, until)
    _refuse_what_is_there(settings)
    if settings.url.startswith("sqlite"):
        # On PostgreSQL the tables are their owner's to make, who is another role.
        migrate(settings.url)
    database = Database(settings.url, open_vault(settings))
    lists, last = Lists(times, ordinary_weekdays(until)), Lists(times, frozenset({until}))
    began_s = time.monotonic()

    def watch(session: Session, day: date, now_ms: int) -> None:
        lists.read(session, day, now_ms)
        last.read(session, day, now_ms)

    place = make(database, settings.identity, order, times, told=_say, watch=watch)
    with database.write(place.clinic_id) as session:
        token = team.visitor(session, place.clinic_id, now_ms=now_ms)
    database.close()
    made_s = time.monotonic() - began_s
    _say(f"{order.patients} patients, {order.term.first} to {until}, in {made_s:.0f} s")
    for line in lists.lines():
        _say(line)
    share = lists.percent(order.patients)
    _say(f"an ordinary weekday's list, median: {share:.1f} % of the patients")
    _say(f"now, with every case open, {last.lines()[0]}")
    _say(f"it ends with {instant(times.begins(until)):%Y-%m-%d %H:%M} UTC; to look at it, run")
    _say(f"  circlet-cloud dashboard --data {settings.data} --identity {settings.identity}")
    _say(f"and make a passkey as prescriber and administrator, within a week, at {settings.origin}")
    _say(f"invitation {settings.origin}/invitations/{token}")


def _refuse_what_is_there(settings: Settings) -> None:
    """Raise SetupError before anything is touched: not even tables are brought up to date."""
    folder = settings.identity
    if folder is not None and folder.exists() and any(folder.iterdir()):
        raise SetupError(f"{folder}: is not empty")
    engine = make_engine(settings.url)
    try:
        in_use = inspect(engine).has_table("clinics")
    finally:
        engine.dispose()
    if in_use:
        require_empty(Database(settings.url))


def _say(words: str) -> None:
    print(words, flush=True)
