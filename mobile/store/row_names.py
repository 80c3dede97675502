"""How a row is named in what its fields are bound to, where that's more than its id."""

from __future__ import annotations


def ledger_row(epoch: bytes, number: int) -> str:
    """Return the name of a record of the band's ledger."""
    return f"{epoch.hex()}/{number}"


def log_row(session: str, line: int) -> str:
    """Return the name of a line of a session's log."""
    return f"{session}/{line}"


def consent_row(section: str, given_ms: int) -> str:
    """Return the name of a consent: what was agreed to, and when."""
    return f"{section}/{given_ms}"
