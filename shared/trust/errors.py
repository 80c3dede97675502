"""Why something signed was refused."""


class TrustError(ValueError):
    """A signature, certificate or assertion that does not hold.

    ``code`` is stable and short; ``str()`` is a sentence for a log or an engineer.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
