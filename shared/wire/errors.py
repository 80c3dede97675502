"""The one error that a decoder raises, whatever it was fed."""


class WireError(ValueError):
    """Bytes or values that this product's wire formats refuse.

    ``field`` names what was being read; ``problem`` says the limit that it broke, in words.
    """

    code = "wire"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem
