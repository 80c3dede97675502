"""What can be wrong with the record as the clinic keeps it."""

from __future__ import annotations

from cloud.errors import CloudError


class DamagedStretch(CloudError):
    """What is kept of a verified record isn't what was verified: the database is damaged.

    Nothing is taken in on top of it; the phone keeps what it has and comes again.
    """

    code = "damaged"
    status = 503

    def __init__(self, number: int) -> None:
        super().__init__(
            f"What is kept of this band's record from {number} on is damaged. Tell whoever runs"
            " the server."
        )
