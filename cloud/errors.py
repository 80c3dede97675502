"""The cloud's errors: one small tree, each with a stable code and a sentence for its reader."""

from __future__ import annotations

from cloud.language import Phrase, told


class CloudError(Exception):
    """Root; ``code`` is stable, ``str()`` is for the person who reads it.

    The sentence is English, with names in braces for ``filled``: so it's logged, stored and sent
    to phones. Pages say ``said()``, in the language of their reader.
    """

    code = "cloud"
    status = 400

    def __init__(self, sentence: str, *, code: str | None = None, **filled: object) -> None:
        super().__init__(sentence.format(**filled) if filled else sentence)
        self._sentence, self._filled = sentence, filled
        if code is not None:
            self.code = code

    def said(self) -> str:
        """Return the sentence in the language spoken; what is a `Phrase` in it, too."""
        sentence = told(self._sentence)
        if not self._filled:
            return sentence
        return sentence.format(
            **{
                name: told(value) if isinstance(value, Phrase) else value
                for name, value in self._filled.items()
            }
        )


class NotFound(CloudError):
    """Nothing there for this person; the same answer whether it exists elsewhere or not."""

    code = "not_found"
    status = 404


class Refused(CloudError):
    """Understood and not done."""

    code = "refused"
    status = 409


class SharingEnded(Refused):
    """The passkey holds, and nothing is shared with its owner any more."""

    code = "sharing_ended"


class NotAllowed(CloudError):
    """This person's role or this phone's enrolment does not reach that far."""

    code = "not_allowed"
    status = 403


class TooMany(CloudError):
    """Too many tries, or too much at once; ``retry_after_s`` says when to come back."""

    code = "too_many"
    status = 429

    def __init__(self, sentence: str, *, retry_after_s: int, **filled: object) -> None:
        super().__init__(sentence, code=None, **filled)
        self.retry_after_s = retry_after_s


class SignInNeeded(CloudError):
    """Nobody is signed in here, or no longer."""

    code = "sign_in"
    status = 401


class SetupError(CloudError):
    """A file, key or setting is missing: the process cannot start."""

    code = "setup"
