"""How somebody at the clinic looked at a patient's data, as phone and cloud name it."""

from __future__ import annotations

from enum import StrEnum


class LookKind(StrEnum):
    """What was looked at; a phone that doesn't know a kind says that the data was used."""

    PAGE = "page"
    LIST = "list"
    SESSION_LOGS = "session-logs"
    TOLD = "told"
    EXPORT = "export"
    CHANGE = "change"
    SHARED = "shared"
    CAME_IN = "came-in"
