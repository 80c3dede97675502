"""The k of a table by pycanon, over pandas; like the regression in a process of its own."""

from __future__ import annotations

import pandas as pd
from pycanon.anonymity import k_anonymity


def k_of(rows: list[list[str]], columns: list[str]) -> int:
    """Return how many rows share their values at least, over all of these columns.

    pycanon leaves out rows in which a value is missing; here none is, for each is a text.
    """
    table = pd.DataFrame([list(map(str, row)) for row in rows], columns=columns)
    return int(k_anonymity(table, columns))
