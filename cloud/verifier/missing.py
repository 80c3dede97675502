"""Numbers of records that should be there and aren't, as ranges in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, field

RANGES_MAX = 1000


@dataclass
class Missing:
    """Ranges of missing numbers, in order; above 1,000 ranges the last one swallows the rest."""

    ranges: list[tuple[int, int]] = field(default_factory=list)

    def add(self, first: int, last: int) -> None:
        """Note that these are missing; they lie above all that were noted before."""
        if len(self.ranges) < RANGES_MAX:
            self.ranges.append((first, last))
        else:
            self.ranges[-1] = (self.ranges[-1][0], last)

    def fill(self, number: int) -> bool:
        """Take a number out again; return whether it was missing."""
        for index, (first, last) in enumerate(self.ranges):
            if first <= number <= last:
                around = ((first, number - 1), (number + 1, last))
                self.ranges[index : index + 1] = [each for each in around if each[0] <= each[1]]
                return True
        return False
