"""Which clinic a command is for: the one that was named, or the only one there is."""

from __future__ import annotations

from cloud.db import Database
from cloud.errors import NotFound, SetupError


def chosen(database: Database, named: str | None) -> str:
    """Return a clinic's id; raise NotFound for a name that none has, SetupError without a name."""
    clinics = database.all_clinics()
    if named is not None:
        if named not in clinics:
            raise NotFound("there is no such clinic here")
        return named
    if len(clinics) != 1:
        raise SetupError("name the clinic with --clinic: there is not exactly one")
    return clinics[0]
