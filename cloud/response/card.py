"""Prints the model card's figures: `make model-card`. The patients are made up, by a seed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from cloud.response.cohort import WORDS, Cohort, TenSessions, forecast_cohort
from cloud.response.fitted import NAMES, Fitted
from cloud.response.forecast import FIGURES, learned
from cloud.response.made_up import made_up_facts

PATIENTS, SEED = 400, 1


def lines(patients: int, seed: int) -> Iterator[str]:
    """Yield the card's figures as Markdown."""
    from cloud.response.model import fit

    cohort = forecast_cohort(made_up_facts(patients, seed=seed))
    rows = sorted(learned(cohort), key=lambda row: (row.known, row.score))
    found = fit(rows, seed=1)
    yield f"Made-up data: {patients} patients drawn by seed {seed}; nobody is real."
    yield ""
    yield from _who(cohort)
    yield ""
    yield from _coverage(found)
    yield ""
    yield from _bins(found)
    yield ""
    yield from _errors(found)
    yield ""
    yield from _drivers(found)


def _who(cohort: Cohort[TenSessions]) -> Iterator[str]:
    yield "| patients | number |"
    yield "|---|---|"
    yield f"| in the cohort | {len(cohort.members)} |"
    for why, count in cohort.left_out.most_common():
        yield f"| left out: {WORDS[why]} | {count} |"


def _coverage(found: Fitted) -> Iterator[str]:
    yield "| interval that should hold | half its width, points | held, of those held out |"
    yield "|---|---|---|"
    for each, half in zip(found.coverage, found.half_widths, strict=True):
        share, of = each.covered / each.patients, f"{each.covered} of {each.patients}"
        yield f"| {each.level:.0%} | {half:.1f} | {share:.0%} ({of}) |"


def _bins(found: Fitted) -> Iterator[str]:
    yield "| by forecast, a third each | patients | forecast, mean | came to, mean |"
    yield "|---|---|---|---|"
    for name, each in zip(("lowest", "middle", "highest"), found.bins, strict=True):
        yield f"| {name} | {each.patients} | {each.expected:.1f} | {each.came:.1f} |"


def _errors(found: Fitted) -> Iterator[str]:
    yield "| error on those held out | value |"
    yield "|---|---|"
    yield f"| mean absolute error, points | {found.error:.1f} |"
    yield f"| the same of the cohort's mean, points | {found.error_of_mean:.1f} |"
    low = f"at least {found.skill_low:.0%} in 95% of draws"
    yield f"| squared error less than that of the mean | {found.skill:.0%} ({low}) |"


def _drivers(found: Fitted) -> Iterator[str]:
    yield "| figure | one standard deviation | its effect, points | interval of 95% |"
    yield "|---|---|---|---|"
    for name, each in zip(NAMES, found.drivers, strict=True):
        interval = f"{each.low:+.1f} to {each.high:+.1f}"
        yield f"| {FIGURES[name]} | {each.spread:.1f} | {each.effect:+.1f} | {interval} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="model-card", description=__doc__)
    parser.add_argument("--patients", type=int, default=PATIENTS, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="draws them (%(default)s)")
    options = parser.parse_args(arguments)
    for line in lines(options.patients, options.seed):
        print(line)


if __name__ == "__main__":
    main()
