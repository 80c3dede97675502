"""The names of the files in the app's data folder; light to import, for who only looks."""

from __future__ import annotations

STORE = "circlet.sqlite3"
GLANCE = "glance.sealed"
