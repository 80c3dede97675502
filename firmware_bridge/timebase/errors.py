"""What can go wrong with a served clock."""


class TimebaseError(Exception):
    """Root of the timebase's errors; `code` is stable, `str()` is a sentence."""

    code = "timebase"


class ClockLost(TimebaseError):
    """The clock server is gone: time stands still here, and nothing may go on waiting for it."""

    code = "timebase.lost"


class ClockRefused(TimebaseError):
    """The clock server didn't accept what it was asked."""

    code = "timebase.refused"
