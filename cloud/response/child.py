"""The process of its own in which scikit-learn and pycanon run: figures in, figures out.

It is started by `cloud.response.asking`, has no database, no key and no setting, and gets no name,
date or id. What it is asked stands on its standard input, its answer on its standard output.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from cloud.response.fitted import Learned, to_plain


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to one question: a regression's fit, or the k of a table."""
    if asked["what"] == "fit":
        from cloud.response.model import fit

        rows = [Learned(tuple(known), score) for known, score in asked["rows"]]
        return to_plain(fit(rows, seed=asked["seed"]))
    from cloud.response.anonymity import k_of

    return {"k": k_of(asked["rows"], asked["columns"])}


def main() -> None:
    """Answer one question."""
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
