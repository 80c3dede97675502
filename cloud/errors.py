"""The cloud's errors: one small tree, each with a stable code and a sentence for its reader."""

from __future__ import annotations


class CloudError(Exception):
    """Root; ``code`` is stable, ``str()`` is for the person who reads it."""

    code = "cloud"
    status = 400

    def __init__(self, sentence: str, *, code: str | None = None) -> None:
        super().__init__(sentence)
        if code is not None:
            self.code = code


class NotFound(CloudError):
    """Nothing there for this person; the same answer whether it exists elsewhere or not."""

    code = "not_found"
    status = 404


class Refused(CloudError):
    """Understood and not done."""

    code = "refused"
    status = 409


class NotAllowed(CloudError):
    """This person's role or this phone's enrolment does not reach that far."""

    code = "not_allowed"
    status = 403


class TooMany(CloudError):
    """Too many tries, or too much at once; ``retry_after_s`` says when to come back."""

    code = "too_many"
    status = 429

    def __init__(self, sentence: str, *, retry_after_s: int) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class SignInNeeded(CloudError):
    """Nobody is signed in here, or no longer."""

    code = "sign_in"
    status = 401


class SetupError(CloudError):
    """A file, key or setting is missing: the process cannot start."""

    code = "setup"
