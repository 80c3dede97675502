"""The guest: QEMU's own processor in software, two serial lines, the tree by 9p, a time limit.

Never KVM: on a nested host it may be there, open, and hang. What the guest says goes to a log, the
story's lines to whoever reads. Not for what the guest is made of.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bluez.errors import CannotStart
from tests.bluez.image import Image

QEMU = "qemu-system-x86_64"
BOOTED_WITHIN_S = 90.0
MEMORY_MIB = 1024

BOOTED = "circlet-guest: booted"
"""The guest's first own line: from then on a failure is one of the test."""


def command(image: Image, tree: Path, exchange: Path, radio_port: int) -> list[str]:
    """How QEMU is called; its second serial line is the adapter's controller."""
    program = shutil.which(QEMU)
    if program is None:
        raise CannotStart(f"there is no {QEMU} here")
    words = f"console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off circlet.tree={tree}"
    return [
        program,
        *("-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max", "-smp", "2"),
        *("-m", str(MEMORY_MIB), "-nodefaults", "-display", "none", "-no-reboot"),
        *("-kernel", str(image.kernel), "-initrd", str(image.initrd), "-append", words),
        *("-drive", f"file={image.disk},format=raw,if=none,id=disk,snapshot=on"),
        *("-device", "virtio-blk-pci,drive=disk"),
        *("-serial", "stdio", "-serial", f"tcp:127.0.0.1:{radio_port}"),
        *("-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile="),
        *_share("tree", tree, ",readonly=on"),
        *_share("exchange", exchange),
    ]


def _share(tag: str, folder: Path, options: str = "") -> list[str]:
    share = f"local,id={tag},path={folder},security_model=none{options}"
    return ["-fsdev", share, "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]


@asynccontextmanager
async def running(words: list[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """QEMU, ended with the block."""
    guest = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield guest
    finally:
        with contextlib.suppress(ProcessLookupError):
            guest.kill()
        await guest.wait()


async def follow(
    guest: asyncio.subprocess.Process, log: Path, heard: Callable[[str], None]
) -> None:
    """Return when the guest has ended; `CannotStart` where it never came up."""
    lines = guest.stdout
    assert lines is not None
    booted = False
    with log.open("w") as file:
        try:
            while line := await asyncio.wait_for(
                lines.readline(), None if booted else BOOTED_WITHIN_S
            ):
                text = line.decode(errors="replace").rstrip()
                print(text, file=file, flush=True)
                booted = booted or text.startswith(BOOTED)
                heard(text)
        except TimeoutError as error:
            raise CannotStart(f"the guest said nothing for {BOOTED_WITHIN_S:.0f} s") from error
    if not booted:
        raise CannotStart(f"the guest ended before it was up, see {log}")
