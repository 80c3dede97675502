"""Which steps there are, oldest first; a new one is put at the end."""

from __future__ import annotations

from types import ModuleType

from mobile.store.migrations import v0001_first_tables, v0002_data_keys_and_own_words

STEPS: tuple[ModuleType, ...] = (v0001_first_tables, v0002_data_keys_and_own_words)
