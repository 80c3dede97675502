"""What can go wrong between the phone and the clinic."""

from mobile.language import _


class SyncError(Exception):
    """Root of the sync's errors; `code` is stable, `str()` is a sentence for the person."""

    code = "sync"


class ClinicUnreachable(SyncError):
    """No answer: no network, no server, or not in time."""

    code = "sync.unreachable"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The clinic can't be reached just now. Everything is kept on this phone and goes "
                "out by itself when there's a network."
            )
        )


class ClinicRefused(SyncError):
    """The clinic's server answered that it won't do this."""

    code = "sync.refused"

    def __init__(self, status: int, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.reason = reason


class EnrolmentRefused(ClinicRefused):
    """The code or the birth date wasn't accepted."""

    code = "sync.enrolment_refused"


class AnswerUnreadable(SyncError):
    """The answer isn't one of the clinic's: ``field`` says what was wrong with it."""

    code = "sync.unreadable"

    def __init__(self, field: str) -> None:
        super().__init__(
            _(
                "The clinic's server gave an answer that this app can't read ({field}). Nothing "
                "was changed. Update the app, or call the clinic."
            ).format(field=field)
        )
        self.field = field
