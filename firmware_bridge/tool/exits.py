"""The exit statuses of `circlet-device`: fixed, so that a script can rely on them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Why the command ended."""

    DONE = 0
    SAID_NO = 1
    USAGE = 2
    NO_DEVICE = 3
    PARTLY = 4
    NOT_PAIRED = 5
    UNCERTAIN = 6
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """A line for the help text."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "done; what was judged holds",
    Exit.SAID_NO: "the band said no, or what was judged doesn't hold",
    Exit.USAGE: "a mistake in the arguments, or a file that can't be used",
    Exit.NO_DEVICE: "no band or no Bluetooth in reach, or the link was lost",
    Exit.PARTLY: "only a part could be done; what holds so far is kept",
    Exit.NOT_PAIRED: "no bond, or pairing was refused",
    Exit.UNCERTAIN: "it isn't known whether the band did it: look before you try again",
    Exit.INTERRUPTED: "ended by Ctrl-C",
}

TABLE = "exit status:\n" + "\n".join(f"  {int(each):<4} {each.meaning}" for each in Exit)
