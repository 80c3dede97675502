"""What can go wrong between the phone and the clinic."""

from enum import StrEnum

from mobile.language import _


class SyncError(Exception):
    """Root of the sync's errors; `code` is stable, `str()` is a sentence for the person."""

    code = "sync"


class ClinicUnreachable(SyncError):
    """No answer: no network, no server, or not in time. Where the server named a time, it isn't
    asked for ``wait_ms`` (else 0)."""

    code = "sync.unreachable"

    def __init__(self, wait_ms: int = 0) -> None:
        super().__init__(
            _(
                "The clinic can't be reached just now. Everything is kept on this phone and goes "
                "out by itself when there's a network."
            )
        )
        self.wait_ms = wait_ms


class ClinicBusy(ClinicUnreachable):
    """The clinic has more to take in than it can just now; it asks again after ``wait_ms``."""

    code = "sync.busy"

    def __init__(self, wait_ms: int) -> None:
        SyncError.__init__(
            self,
            _(
                "Your clinic's server has much to take in just now. Everything is kept on this "
                "phone and goes out by itself in a while."
            ),
        )
        self.wait_ms = wait_ms


class ClinicRefused(SyncError):
    """The clinic's server answered that it won't do this; ``now_ms`` is its clock where it says."""

    code = "sync.refused"

    def __init__(self, status: int, reason: str, sentence: str, now_ms: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.reason = reason
        self.now_ms = now_ms


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


class AddressProblem(StrEnum):
    """Why an address can't be used."""

    UNREADABLE = "unreadable"
    NOT_ENCRYPTED = "not_encrypted"
    MORE_THAN_A_PLACE = "more_than_a_place"


class AddressRefused(SyncError):
    """The clinic's address isn't one that may be used: only https, or http on loopback."""

    code = "sync.address_refused"

    def __init__(self, address: str, problem: AddressProblem) -> None:
        super().__init__(
            _(
                "This app doesn't send anything to {address}, because it wouldn't be protected on "
                "the way. Use the link or the code from your clinic's letter, or call your clinic."
            ).format(address=address)
        )
        self.address = address
        self.problem = problem


class OtherServer(SyncError):
    """What answers isn't the server that this phone was enrolled with; nothing was sent to it."""

    code = "sync.other_server"

    def __init__(self, host: str) -> None:
        super().__init__(
            _(
                "What answers at {host} isn't the server that this phone knows from your clinic. "
                "Nothing was sent; everything is kept on this phone. Call your clinic: if it has "
                "changed its server, it gives you a new code."
            ).format(host=host)
        )
        self.host = host


class ServerUnproven(SyncError):
    """The server's certificate doesn't hold; ``reason`` is the TLS library's word for it."""

    code = "sync.server_unproven"

    def __init__(self, reason: str) -> None:
        super().__init__(
            _(
                "This phone can't make sure that it's talking to your clinic, so nothing was sent. "
                "In a hotel or a train, sign in to the network first. Look whether this phone's "
                "date is right. If it stays so, call your clinic."
            )
        )
        self.reason = reason
