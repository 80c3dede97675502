"""The desktop's voice: espeak-ng, a process for each sentence."""

from __future__ import annotations

import asyncio
import logging
import shutil

from mobile.language import _

log = logging.getLogger(__name__)

PROGRAM = "espeak-ng"
_LIMIT_S = 60.0


class DesktopSpeech:
    """`extra` are further options of espeak-ng, as ``-w FILE`` to speak into a file."""

    def __init__(self, program: str | None = None, extra: tuple[str, ...] = ()) -> None:
        self._program = shutil.which(PROGRAM) if program is None else program
        self._extra = extra
        self._speaking: asyncio.subprocess.Process | None = None
        self._silent = False

    @property
    def is_there(self) -> bool:
        return self._program is not None and not self._silent

    @property
    def sentence(self) -> str:
        if self._program is None:
            return _("This system has no voice. Install espeak-ng to hear the cues spoken.")
        if self._silent:
            return _("This system has a voice (espeak-ng), but no loudspeaker that it can use.")
        return _("Cues are spoken by this system's voice (espeak-ng).")

    async def say(self, text: str, language: str) -> None:
        await self.hush()
        if self._program is None:
            return
        try:
            process = await asyncio.create_subprocess_exec(
                self._program,
                *("-v", language, *self._extra, "--stdin"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as problem:
            log.warning("%s: %s", PROGRAM, problem)
            self._program = None
            return
        self._speaking = process
        try:
            async with asyncio.timeout(_LIMIT_S):
                _out, complaints = await process.communicate(text.encode())
        except TimeoutError:
            log.warning("%s didn't end", PROGRAM)
        else:
            # It ends with 0 also where there is no sound card.
            self._silent = b"error:" in complaints
        finally:
            await _end(process)

    async def hush(self) -> None:
        process, self._speaking = self._speaking, None
        if process is not None:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()
