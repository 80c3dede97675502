"""One session to scale: where trains and pulses lie in a drawing of fixed width."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.language import _, number
from shared.dose.prescription import Part

WIDTH = 840.0
TRAIN_WIDTH_MIN = 1.5
PULSES_DRAWN_MAX = 200


@dataclass(frozen=True)
class Bar:
    """A bar of the drawing."""

    x: float
    width: float


@dataclass(frozen=True)
class SessionDrawing:
    """Trains of a session and pulses of its first train, with the figures in words."""

    trains: tuple[Bar, ...]
    pulses: tuple[Bar, ...]
    trains_sentence: str
    train_sentence: str
    total_sentence: str


def draw(part: Part, beside: Part | None = None) -> SessionDrawing:
    """Return the drawing of one part, to the same scale as another that stands beside it."""
    plan, pattern = part.plan, part.pattern
    both = (part, beside or part)
    scale = WIDTH / max(each.plan.duration_us for each in both)
    train_scale = WIDTH / max(each.pattern.train_us for each in both)
    width = max(TRAIN_WIDTH_MIN, pattern.train_us * scale)
    trains = tuple(
        Bar(plan.train_begin_us(train) * scale, width) for train in range(1, plan.trains + 1)
    )
    shown = min(pattern.pulses_per_train, PULSES_DRAWN_MAX)
    pulses = tuple(Bar(pattern.pulse_us(index) * train_scale, 3.0) for index in range(shown))
    return SessionDrawing(
        trains=trains,
        pulses=pulses,
        trains_sentence=_("Above: the session, {end} long, {trains}.").format(
            end=clock(plan.duration_us), trains=_trains(part)
        ),
        train_sentence=_train(part),
        total_sentence=_("{count} pulses, {length}.").format(
            count=number(plan.pulses), length=spoken(plan.duration_us)
        ),
    )


def clock(duration_us: int) -> str:
    """Return minutes and seconds, as 3:12."""
    minutes, seconds = divmod(round(duration_us / 1_000_000), 60)
    return f"{minutes}:{seconds:02d}"


def spoken(duration_us: int) -> str:
    """Return a duration in words, as 3 min 12 s."""
    minutes, seconds = divmod(round(duration_us / 1_000_000), 60)
    if not minutes:
        return f"{seconds} s"
    return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"


def _trains(part: Part) -> str:
    length = f"{number(part.pattern.train_us / 1_000_000)} s"
    if part.trains == 1:
        return _("1 train of {length}").format(length=length)
    return _("{count} trains of {length}, {apart} s apart").format(
        count=part.trains, length=length, apart=number(part.interval_ms / 1000)
    )


def _train(part: Part) -> str:
    pattern = part.pattern
    rate = number(pattern.rate_mhz / 1000)
    if pattern.pulses_per_burst == 1:
        return _("Below: one train. {count} pulses at {rate} Hz.").format(
            count=pattern.bursts_per_train, rate=rate
        )
    return _(
        "Below: one train. {bursts} bursts of {pulses} pulses at {within} Hz, "
        "{rate} bursts a second."
    ).format(
        bursts=pattern.bursts_per_train,
        pulses=pattern.pulses_per_burst,
        within=number(pattern.intra_burst_mhz / 1000),
        rate=rate,
    )
