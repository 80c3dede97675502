"""The forecast's regression: fit, intervals, how well both held on patients not seen. Pure.

The one module that loads scikit-learn and numpy, which take seconds and much memory: it runs in a
process of its own (`cloud.response.child`) and is imported by no page.

A ridge regression over standardised figures. Its interval is split-conformal (Vovk, Gammerman,
Shafer 2005; Lei et al. 2018, J Am Stat Assoc 113:1094; both recalled): the regression is fitted on
one part of the patients, and the interval is as wide as its errors are on the other part. So it
covers as often as it says for whoever is like these patients, whether or not the regression is
right. Coverage is measured on patients whom neither part had.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from cloud.response.fitted import LEVELS, Bin, Coverage, Driver, Fitted, Learned

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
ALPHAS = (0.1, 1.0, 10.0, 100.0)
"""Strengths of the ridge to choose from, by leaving one out (own figures)."""
FIT_SHARE = 0.6
"""Of the patients who are learned from, so many fit the regression; by the others' errors the
interval is as wide as it is (own figure)."""
FOLDS = 5
DRAWS = 300
BINS = 3
TAIL_PERCENT = 5


def fit(rows: list[Learned], *, seed: int) -> Fitted:
    """Return the regression with all that is said of it; the same rows and seed give the same."""
    known = np.array([row.known for row in rows], dtype=np.float64)
    scores = np.array([row.score for row in rows], dtype=np.float64)
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(rows))
    tried = _held_out(known, scores, order)
    fitting, others = _parts(order)
    found = _regression(known[fitting], scores[fitting])
    errors = np.abs(scores[others] - found.predict(known[others]))
    intercept, slopes = _plain(found)
    skill, skill_low = _skill(tried, chance)
    return Fitted(
        patients=len(rows),
        intercept=intercept,
        slopes=tuple(slopes.tolist()),
        half_widths=tuple(_half_width(errors, level) for level in LEVELS),
        lowest=tuple(known.min(axis=0).tolist()),
        highest=tuple(known.max(axis=0).tolist()),
        drivers=_drivers(known, scores, chance),
        error=float(np.mean(np.abs(tried["error"]))),
        error_of_mean=float(np.mean(np.abs(tried["of_mean"]))),
        skill=skill,
        skill_low=skill_low,
        coverage=tuple(
            Coverage(level, int(np.sum(tried["covered"][:, index])), len(rows))
            for index, level in enumerate(LEVELS)
        ),
        bins=_bins(tried["expected"], scores[tried["rows"].astype(np.int64)]),
    )


def _regression(known: Floats, scores: Floats) -> Pipeline:
    return make_pipeline(StandardScaler(), RidgeCV(alphas=ALPHAS)).fit(known, scores)


def _parts(order: Whole) -> tuple[Whole, Whole]:
    cut = round(len(order) * FIT_SHARE)
    return order[:cut], order[cut:]


def _half_width(errors: Floats, level: float) -> float:
    """The split-conformal one: of n errors the ceil((n + 1) level)th, or without an end."""
    rank = math.ceil((len(errors) + 1) * level)
    return float(np.sort(errors)[rank - 1]) if rank <= len(errors) else math.inf


def _held_out(known: Floats, scores: Floats, order: Whole) -> dict[str, Floats]:
    """Try it on patients who were in neither part, each of them once."""
    found: dict[str, list[Any]] = {
        name: [] for name in ("rows", "expected", "error", "of_mean", "covered")
    }
    for others, tried in _folds(order):
        fitting, calibrating = _parts(others)
        regression = _regression(known[fitting], scores[fitting])
        errors = np.abs(scores[calibrating] - regression.predict(known[calibrating]))
        expected = regression.predict(known[tried])
        widths = [_half_width(errors, level) for level in LEVELS]
        off = scores[tried] - expected
        found["rows"].extend(tried)
        found["expected"].extend(expected)
        found["error"].extend(off)
        found["of_mean"].extend(scores[tried] - scores[others].mean())
        found["covered"].extend(np.abs(off)[:, None] <= np.array(widths)[None, :])
    return {name: np.array(values, dtype=np.float64) for name, values in found.items()}


def _folds(order: Whole) -> Iterator[tuple[Whole, Whole]]:
    for number in range(FOLDS):
        tried = order[number::FOLDS]
        yield np.array([each for each in order if each not in set(tried.tolist())]), tried


def _skill(tried: dict[str, Floats], chance: np.random.Generator) -> tuple[float, float]:
    """By which share the squared error is less than that of the cohort's mean; and the value that
    it exceeds in 95 % of draws of the patients anew."""
    ours, plain = tried["error"] ** 2, tried["of_mean"] ** 2
    drawn = chance.integers(0, len(ours), size=(DRAWS, len(ours)))
    values = 1 - ours[drawn].sum(axis=1) / plain[drawn].sum(axis=1)
    return float(1 - ours.sum() / plain.sum()), float(np.percentile(values, TAIL_PERCENT))


def _plain(found: Pipeline) -> tuple[float, Floats]:
    """Return intercept and slopes over the figures as they are, unstandardised."""
    scaler, ridge = found[0], found[1]
    slopes = ridge.coef_ / scaler.scale_
    return float(ridge.intercept_ - slopes @ scaler.mean_), slopes


def _drivers(known: Floats, scores: Floats, chance: np.random.Generator) -> tuple[Driver, ...]:
    """Points of score for one standard deviation more, with the middle 95 % of draws anew; those
    keep the strength of the ridge that the whole cohort asked for."""
    found = _regression(known, scores)
    spread, strength = found[0].scale_, float(found[1].alpha_)
    drawn = []
    for _ in range(DRAWS):
        rows = chance.integers(0, len(scores), size=len(scores))
        drawn.append(_slopes(found[0].transform(known[rows]), scores[rows], strength))
    low, high = np.percentile(np.array(drawn), (2.5, 97.5), axis=0)
    figures = zip(spread, found[1].coef_, low, high, strict=True)
    return tuple(Driver(*map(float, each)) for each in figures)


def _slopes(known: Floats, scores: Floats, strength: float) -> Floats:
    """A ridge's own equation, solved."""
    off = known - known.mean(axis=0)
    squares = off.T @ off + strength * np.eye(off.shape[1])
    found: Floats = np.linalg.solve(squares, off.T @ (scores - scores.mean()))
    return found


def _bins(expected: Floats, scores: Floats) -> tuple[Bin, ...]:
    """Patients by what was expected of them, a third each: does it come to that?"""
    order = np.argsort(expected, kind="stable")
    return tuple(
        Bin(len(part), float(expected[part].mean()), float(scores[part].mean()))
        for part in np.array_split(order, BINS)
    )
