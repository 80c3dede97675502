"""Why a database isn't distributed: each with a code, and the table or the limit at fault."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.distribution.rules import Fault
from cloud.errors import SetupError


class DistributionError(SetupError):
    """Root: the database stays as the last step that was taken left it."""

    code = "distribution"


class NotPostgresql(DistributionError):
    """SQLite is one file on one machine."""

    code = "not_postgresql"


class NoCitus(DistributionError):
    """The server doesn't have the extension's files."""

    code = "no_citus"


class NotNewest(DistributionError):
    """The tables are of another revision than this program's."""

    code = "not_newest"


class Unfit(DistributionError):
    """The schema breaks a rule; ``faults`` are all that were found."""

    code = "unfit"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"Citus would refuse: {'; '.join(str(each) for each in faults)}")


class LiesOtherwise(DistributionError):
    """A table is distributed already, by another column or beside other tables."""

    code = "lies_otherwise"


class RowsLost(DistributionError):
    """A table had another number of rows once it was distributed: that step was undone."""

    code = "rows_lost"


class StepRefused(DistributionError):
    """The server refused a step; those before it stand, and the command goes on from there."""

    code = "step_refused"
