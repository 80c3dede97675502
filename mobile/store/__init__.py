"""What the phone keeps: SQLite, every health value sealed by field.

- `database`: the file, its settings, transactions and typed errors. `migrations`: how its tables
  came about, run at open.
- `cipher`: the fields. `data_keys`: under which keys. `rotation`: a new key for everything.
  `row_names`: what a field is bound to.
- `models`: the tables. `settings`, `records`, `outbox`, `downstream`, `checkins`, `session_log`,
  `notes`, `messages`, `reminders`, `consents`: one small service for each table.
- `store`: all of them over one database. `erase`: nothing of it is left.

What stays readable in the file: docs/store.md.
"""

from mobile.store.errors import (
    KeyLost,
    StoreBroken,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreTooNew,
)
from mobile.store.store import Store, open_store, set_aside

__all__ = [
    "KeyLost",
    "Store",
    "StoreBroken",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreTooNew",
    "open_store",
    "set_aside",
]
