"""What the pages say of a cohort and of the regression, in sentences."""

from __future__ import annotations

from cloud.language import _, number, told
from cloud.response.fitted import NAMES, Driver, Fitted
from cloud.response.forecast import FIGURES
from cloud.response.relation import HIGH_PERCENT, Group, Relation


def percent(share: float) -> str:
    """Return a share in whole percent."""
    return _("{percent} %").format(percent=number(round(100 * share)))


def points(value: float) -> str:
    """Return points of a score, to a tenth."""
    rounded = round(value, 1)
    return number(int(rounded) if rounded == int(rounded) else rounded)


def group_name(group: Group) -> str:
    """Return whom a group holds: by percent of the sessions due that were given."""
    if group.below > 100 and group.lowest == 100:
        return _("100 %")
    if group.below > 100:
        return _("{lowest} % and more").format(lowest=group.lowest)
    if group.lowest == 0:
        return _("below {below} %").format(below=group.below)
    return _("{lowest} to below {below} %").format(lowest=group.lowest, below=group.below)


def finding(found: Relation) -> str:
    """Return what the difference says, and what it doesn't."""
    if found.difference is None:
        words = _(
            "{high} patients kept at least {percent} % of their sessions, and {low} kept fewer: "
            "too few on one side to compare."
        )
        return words.format(high=found.high, low=found.low, percent=HIGH_PERCENT)
    more = _(
        "Response was {difference} percentage points more frequent among those who kept at least "
        "{percent} % of their sessions than among the others (95 % interval {low} to {high})."
    )
    less = _(
        "Response was {difference} percentage points less frequent among those who kept at least "
        "{percent} % of their sessions than among the others (95 % interval {low} to {high})."
    )
    value, ends = found.difference.value, (found.difference.low, found.difference.high)
    low, high = ends if value >= 0 else (-ends[1], -ends[0])
    said = (more if value >= 0 else less).format(
        percent=HIGH_PERCENT,
        difference=number(round(100 * abs(value))),
        low=number(round(100 * low)),
        high=number(round(100 * high)),
    )
    if found.difference.has_zero:
        return f"{said} {_('That may be chance: no difference at all lies within the interval.')}"
    return said


def driver_lines(found: Fitted) -> tuple[str, ...]:
    """Return each figure's part in words, the greatest first."""
    pairs = sorted(zip(NAMES, found.drivers, strict=True), key=lambda each: -abs(each[1].effect))
    return tuple(_driver(told(FIGURES[name]), each) for name, each in pairs)


def _driver(figure: str, each: Driver) -> str:
    if not each.is_clear:
        return _("{figure}: no clear influence in this cohort").format(figure=figure)
    values = {
        "spread": points(each.spread),
        "effect": points(abs(each.effect)),
        "low": points(min(abs(each.low), abs(each.high))),
        "high": points(max(abs(each.low), abs(each.high))),
    }
    more = _(
        "{figure}: {spread} more goes with a score {effect} points higher after ten sessions "
        "(95 % interval {low} to {high})"
    )
    less = _(
        "{figure}: {spread} more goes with a score {effect} points lower after ten sessions "
        "(95 % interval {low} to {high})"
    )
    return (more if each.effect > 0 else less).format(figure=figure, **values)
