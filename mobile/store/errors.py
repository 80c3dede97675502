"""What can go wrong with the phone's store."""

from mobile.language import _


class StoreError(Exception):
    """Root of the store's errors; `code` is stable, `str()` is a sentence for the person."""

    code = "store"


class StoreFull(StoreError):
    """The phone has no room left; nothing of what was being written was kept."""

    code = "store.full"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This phone has no room left, so nothing new can be kept. Free some room and open "
                "the app again. The band keeps its own record meanwhile; nothing is lost."
            )
        )


class KeyLost(StoreError):
    """The database is there, the key that opens it isn't: enrol anew."""

    code = "store.key_lost"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The key to the data on this phone is gone, so the data can't be read any more. "
                "Ask your clinic for a new code and enrol again. What had reached the clinic is "
                "safe, and the band keeps its own record."
            )
        )


class StoreBroken(StoreError):
    """A value doesn't open under its key and place, or the file isn't ours."""

    code = "store.broken"

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            _("The data on this phone is damaged ({place} {problem}). Call the clinic.").format(
                place=place, problem=problem
            )
        )
        self.place = place
        self.problem = problem
