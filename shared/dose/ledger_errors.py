"""What can be wrong with a record of a ledger."""

from __future__ import annotations


class LedgerError(ValueError):
    """A record that does not follow the one before; ``number`` is where the chain breaks."""

    code = "ledger"

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"record {number}: {problem}")
        self.number = number
        self.problem = problem
