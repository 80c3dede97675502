"""Ten thousand random touches at the whole app, by a fixed seed, the first of them in a session.

The other ten thousand are `test_fresh_seed`'s: two files, so that both run at the same time.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mobile.monkey.at_large import let_loose

TOUCHES = 10_000
SEED = 7


@pytest.mark.early
@pytest.mark.long
@pytest.mark.timeout(3_000)
async def test_ten_thousand_touches_by_a_fixed_seed_break_nothing(tmp_path: Path) -> None:
    monkey = await let_loose(tmp_path, SEED, TOUCHES, in_session=True)
    assert monkey.touches == TOUCHES
    assert monkey.stops > 0, "it never came to a STOP"
