"""The same question to a small and a large database, in turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from scripts.bench.figures import Row, median, percentile

AT_MOST = 1.5
"""What the large one may take of the small one's time (the promise of docs/scale.md)."""
Taken = dict[str, list[float]]


def in_turns(asked: Mapping[str, Callable[[], object]], *, rounds: int, warming: int = 5) -> Taken:
    """Return the milliseconds that each took, round by round."""
    took: Taken = {name: [] for name in asked}
    for round_ in range(warming + rounds):
        for name, ask in asked.items():
            began = time.perf_counter()
            ask()
            ended = time.perf_counter()
            if round_ >= warming:
                took[name].append(1000 * (ended - began))
    return took


def compared(what: str, took: Taken, names: Sequence[str]) -> Iterator[Row]:
    """Yield p95 of both and their ratio; the first named is the small one."""
    small, large = (percentile(took[name], 95) for name in names)
    for name in names:
        middle = median(took[name])
        beside = f"median {middle:.1f} ms of {len(took[name])}"
        yield Row(f"{what}, p95, {name}", percentile(took[name], 95), "ms", beside=beside)
    middles = median(took[names[1]]) / median(took[names[0]])
    yield Row(
        f"{what}, p95, {names[1]} to {names[0]}",
        large / small,
        "",
        at_most=AT_MOST,
        beside=f"medians {middles:.2f}",
    )
