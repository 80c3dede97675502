"""One session to scale: where trains and pulses lie in a drawing of fixed width."""

from __future__ import annotations

from dataclasses import dataclass

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
    end_label: str
    trains_label: str
    train_sentence: str
    total_sentence: str


def draw(part: Part) -> SessionDrawing:
    """Return the drawing of one part."""
    plan, pattern = part.plan, part.pattern
    scale = WIDTH / plan.duration_us
    train_scale = WIDTH / pattern.train_us
    width = max(TRAIN_WIDTH_MIN, pattern.train_us * scale)
    trains = tuple(
        Bar(plan.train_begin_us(train) * scale, width) for train in range(1, plan.trains + 1)
    )
    shown = min(pattern.pulses_per_train, PULSES_DRAWN_MAX)
    pulses = tuple(Bar(pattern.pulse_us(index) * train_scale, 3.0) for index in range(shown))
    return SessionDrawing(
        trains=trains,
        pulses=pulses,
        end_label=clock(plan.duration_us),
        trains_label=_trains(part),
        train_sentence=_train(part),
        total_sentence=f"{plan.pulses:,} pulses, {spoken(plan.duration_us)}.",
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
    length = f"{part.pattern.train_us / 1_000_000:g} s"
    if part.trains == 1:
        return f"1 train of {length}"
    return f"{part.trains} trains of {length}, {part.interval_ms / 1000:g} s apart"


def _train(part: Part) -> str:
    pattern = part.pattern
    rate = f"{pattern.rate_mhz / 1000:g}"
    if pattern.pulses_per_burst == 1:
        return f"Below: one train. {pattern.bursts_per_train} pulses at {rate} Hz."
    return (
        f"Below: one train. {pattern.bursts_per_train} bursts of {pattern.pulses_per_burst} pulses "
        f"at {pattern.intra_burst_mhz / 1000:g} Hz, {rate} bursts a second."
    )
