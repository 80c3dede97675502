"""Why a file can't be judged at all."""


class Unusable(ValueError):
    """No ledger file, or too large a one; ``str()`` names the file's part and the limit."""

    code = "unusable"
