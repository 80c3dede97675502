"""A test that is killed leaves none of its parts behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
from pathlib import Path

import pytest

ENDED_WITHIN_S = 10


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a part of its starter's end")
async def test_a_part_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    starter = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.journey.starter", str(tmp_path / "clock.log")),
        stdout=asyncio.subprocess.PIPE,
    )
    assert starter.stdout is not None
    part = os.pidfd_open(int(await starter.stdout.readline()))
    try:
        assert not has_ended(part, within_s=0)
        starter.kill()
        await starter.wait()
        assert await asyncio.to_thread(has_ended, part, within_s=ENDED_WITHIN_S)
    finally:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(part, signal.SIGKILL)
        os.close(part)


def has_ended(process: int, *, within_s: float) -> bool:
    """Whether the process of a pidfd is over, or gets so meanwhile."""
    readable, _, _ = select.select([process], [], [], within_s)
    return bool(readable)
