"""Made-up clinics for tests, on a SQLite file each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cloud.db import Database
from cloud.demo_data.build import Watcher
from cloud.demo_data.cases import Case
from cloud.demo_data.identity import CLINIC_ID
from cloud.demo_data.making import Order, make
from cloud.demo_data.place import Place
from cloud.migrations.run import migrate
from cloud.times import Times
from cloud.vault.key_files import FileKeys
from cloud.vault.vault import Vault

UNTIL = date(2026, 3, 6)
"""A Friday: the last day that is lived is a Thursday."""
TIMES = Times("Europe/Berlin")


@dataclass
class MadeUp:
    """A made-up clinic and where it is."""

    database: Database
    place: Place
    folder: Path

    @property
    def clinic_id(self) -> str:
        return CLINIC_ID


def made_up(
    folder: Path,
    *,
    patients: int,
    weeks: int,
    seed: int = 1,
    cases: tuple[Case, ...] | None = None,
    watch: Watcher = lambda _session, _day, _now_ms: None,
    told: Callable[[str], None] = lambda _words: None,
) -> MadeUp:
    """Make a clinic in a folder of its own."""
    folder.mkdir()
    url = f"sqlite+pysqlite:///{folder / 'cloud.sqlite'}"
    migrate(url)
    database = Database(url, Vault(FileKeys(folder / "identity" / "vault")))
    order = Order(patients, weeks, seed, UNTIL, cases)
    place = make(database, folder / "identity", order, TIMES, told=told, watch=watch)
    return MadeUp(database, place, folder)
