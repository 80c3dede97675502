"""What is asked of the emulator and can't be done: the field, and what is wanted instead."""

from __future__ import annotations


class FaultRefused(Exception):
    """What was asked is not something that the band or its surface can do."""

    code = "fault_refused"

    def __init__(self, field: str, wanted: str) -> None:
        super().__init__(f"{field}: {wanted} is wanted")
        self.field = field
        self.wanted = wanted
