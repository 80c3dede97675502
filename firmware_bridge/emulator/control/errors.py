"""Why a request to the control surface is not taken: code, field and a sentence, with its status.

Not for what the firmware refuses: that is an answer of the band.
"""

from __future__ import annotations


class NotTaken(Exception):
    """A request that changes nothing; `status` is HTTP's."""

    status = 400
    code = "not_taken"

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field


class BadValue(NotTaken):
    """A field that is not as its description says."""

    code = "bad_value"


class NoToken(NotTaken):
    """Neither the run's token nor the page's cookie."""

    status, code = 401, "no_token"

    def __init__(self) -> None:
        super().__init__("Authorization", "the token of this run is wanted, as `Bearer TOKEN`")


class WrongHost(NotTaken):
    """Asked under a name that is not this surface's: a page elsewhere may stand behind it."""

    status, code = 421, "wrong_host"

    def __init__(self, host: str) -> None:
        super().__init__("Host", f"{host!r} is not an address of this control surface")


class OtherSite(NotTaken):
    """A page of another origin wants to change something."""

    status, code = 403, "other_site"

    def __init__(self) -> None:
        super().__init__("Origin", "only this surface's own page may do that")


class LinkUsed(NotTaken):
    """A one-time link that was opened before, or never was one."""

    status, code = 403, "link_used"

    def __init__(self) -> None:
        super().__init__("link", "was used or is unknown; POST /link makes another")


class NotThere(NotTaken):
    """What is named doesn't exist."""

    status, code = 404, "not_there"


class NotNow(NotTaken):
    """It can't be done in the present state."""

    status, code = 409, "not_now"
