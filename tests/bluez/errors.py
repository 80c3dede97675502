"""A guest that this machine can't start: no failure of the link, and no pass either."""

from __future__ import annotations

NOT_RUN = 75
"""The exit code that says so (EX_TEMPFAIL of sysexits.h)."""


class CannotStart(Exception):
    """Why there's no guest here, in a sentence."""
