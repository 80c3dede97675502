"""What the phone keeps: SQLite, every health value sealed by field.

- `database`: the file, its settings, transactions and typed errors. `cipher`: the fields.
- `models`: the tables. `settings`, `records`, `outbox`, `downstream`, `checkins`, `session_log`:
  one small service for each table.
- `store`: all of them over one database.
"""

from mobile.store.errors import KeyLost, StoreBroken, StoreError, StoreFull
from mobile.store.store import Store, open_store, set_aside

__all__ = [
    "KeyLost",
    "Store",
    "StoreBroken",
    "StoreError",
    "StoreFull",
    "open_store",
    "set_aside",
]
