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
    """The store did something that it can't do: ``place`` and ``problem`` say where and what, for
    whoever looks into it."""

    code = "store.broken"

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(self._sentence().format(place=place, problem=problem))
        self.place = place
        self.problem = problem

    def _sentence(self) -> str:
        return _(
            "The data on this phone can't be used just now. Close the app and open it again. If it "
            "stays so, call your clinic. (For the clinic: {place} {problem}.)"
        )


class StoreDamaged(StoreBroken):
    """A value doesn't open under its key and place, the file is damaged, or it isn't ours."""

    code = "store.damaged"

    def _sentence(self) -> str:
        return _(
            "The data on this phone is damaged. You did nothing wrong. Ask your clinic for a new "
            "code and enrol again: what had reached the clinic is safe, the band keeps its own "
            "record, and the damaged data is put aside, not deleted. (For the clinic: {place} "
            "{problem}.)"
        )


class StoreTooNew(StoreError):
    """The file is of a newer app: ``revision`` is the step of it that this one doesn't know."""

    code = "store.too_new"

    def __init__(self, revision: str) -> None:
        super().__init__(
            _(
                "The data on this phone was kept by a newer version of this app. Nothing was "
                "changed. Update the app, then everything is here again."
            )
        )
        self.revision = revision
