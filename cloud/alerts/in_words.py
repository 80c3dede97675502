"""An alert's words as its reader sees them: in their language, with words for each code.

What the band's record has as a code is kept as that code: a reader's software may know more of them
than the one that wrote the alert.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cloud.alerts.fault_words import fault_words
from cloud.holds.reasons import reason_words
from cloud.language.stored import stored

_END = r"\.(?=$| Not acknowledged before: )"
_CODED: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(rf"(?<=Reason on the record: )(.+?){_END}", re.DOTALL), reason_words),
    (re.compile(rf"(?<=It locked itself: )(.+?){_END}", re.DOTALL), fault_words),
)


def detail_in_words(detail: str) -> str:
    """Return what an alert says below its title, in the reader's language and without a bare
    code."""
    for pattern, words in _CODED:
        found = pattern.search(detail)
        if found is not None:
            detail = f"{detail[: found.start(1)]}{words(found[1])}{detail[found.end(1) :]}"
    return stored(detail)
