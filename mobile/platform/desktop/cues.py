"""The desktop's cues: tones, made here and played by whichever player the system has."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from pathlib import Path

from mobile.language import _
from mobile.platform.cues import Cue
from mobile.platform.tones import wave_file

log = logging.getLogger(__name__)

PLAYERS = ("pw-play", "paplay", "aplay")
_LIMIT_S = 10.0


class DesktopCues:
    """Sounds only: a desktop doesn't vibrate."""

    def __init__(self, player: str | None = None) -> None:
        found = (shutil.which(name) for name in PLAYERS)
        self._player = next(filter(None, found), None) if player is None else player

    @property
    def sentence(self) -> str:
        if self._player is None:
            return _("This system plays no sounds; every cue stands on the screen too.")
        return _("This system plays sounds; it doesn't vibrate.")

    async def give(self, cue: Cue, *, sound: bool = True, vibration: bool = True) -> None:
        if not sound or self._player is None:
            return
        with tempfile.TemporaryDirectory(prefix="circlet-cue-") as folder:
            path = Path(folder) / "cue.wav"
            path.write_bytes(wave_file(cue.value.tones))
            await self._play(self._player, path)

    async def _play(self, player: str, path: Path) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                player,
                str(path),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as problem:
            log.warning("%s: %s", player, problem)
            self._player = None
            return
        try:
            async with asyncio.timeout(_LIMIT_S):
                await process.wait()
        except TimeoutError:
            log.warning("%s didn't end", player)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
