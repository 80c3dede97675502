"""Ten thousand random touches at the whole app, by a fresh seed.

The other ten thousand are `test_fixed_seed`'s: two files, so that both run at the same time.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from tests.mobile.monkey.at_large import let_loose

TOUCHES = 10_000


@pytest.mark.early
@pytest.mark.long
@pytest.mark.timeout(3_000)
async def test_ten_thousand_touches_by_a_fresh_seed_break_nothing(tmp_path: Path) -> None:
    seed = secrets.randbelow(1_000_000)
    print(f"seed {seed}", flush=True)
    monkey = await let_loose(tmp_path, seed, TOUCHES)
    assert monkey.touches == TOUCHES
