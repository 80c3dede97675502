"""A line from whoever sits at the terminal, without a thread that would outlive the question."""

from __future__ import annotations

import asyncio
import os
import sys

from firmware_bridge.hand.errors import NobodyThere

LINE_BYTES_MAX = 1024


async def ask(question: str) -> str:
    """Print the question on stderr and return the answer; NobodyThere where the input has ended."""
    sys.stderr.write(question)
    sys.stderr.flush()
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[bytes] = loop.create_future()
    place = sys.stdin.fileno()

    def readable() -> None:
        line = os.read(place, LINE_BYTES_MAX)
        if not answer.done():
            answer.set_result(line)

    try:
        loop.add_reader(place, readable)
    except OSError as problem:
        # A file or nothing at all: nobody sits there.
        raise NobodyThere from problem
    try:
        line = await answer
    finally:
        loop.remove_reader(place)
    if not line:
        raise NobodyThere
    return line.decode(errors="replace").strip()


async def agrees(question: str) -> bool:
    """Whether the answer begins with y."""
    return (await ask(f"{question} [y/n] ")).lower().startswith("y")
