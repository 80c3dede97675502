"""The phone's tables as they came about: one file a step, each by Alembic's operations.

- `newest`: whether there's anything to do. `run`: does it. `steps`: which there are, oldest first.
- `v0001_first_tables`, `v0002_data_keys_and_own_words`: the steps.

The cloud lets Alembic find its steps by looking through a folder. Here they're imported by name: a
package for Android holds compiled files only, which such a search passes over.
"""
