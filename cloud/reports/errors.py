"""What is wrong with a period that a report was asked for."""

from __future__ import annotations

from cloud.errors import CloudError


class BadPeriod(CloudError):
    """No report of such days; ``field`` is the one at fault, its limit stands in the sentence."""

    code = "period"
    status = 422

    def __init__(self, field: str, sentence: str, **filled: object) -> None:
        super().__init__(sentence, code=None, **filled)
        self.field = field
