"""Sections of docs/protocol.md: each name is the section's anchor there."""

from __future__ import annotations

from enum import StrEnum


class Section(StrEnum):
    """What a check holds the band against."""

    SERVICES = "services"
    PAIRING = "pairing"
    FRAMING = "framing"
    ENCODING = "encoding"
    CONTROL_POINT = "control-point"
    BLOBS = "blobs"
    NONCES = "nonces"
    STATEMENTS = "statements"
    OPERATIONS = "operations"
    PRESCRIPTION = "prescription"
    ARMING = "arming-and-the-session-key"
    STATES = "states"
    STATUS = "status-and-telemetry"
    LEDGER = "ledger-records"
    RECORD_ACCESS = "record-access"
    UPDATE = "firmware-update"
    REFUSALS = "refusals"
    LOCK_REASONS = "lock-reasons"
