"""Tables of what a firmware carries as constants: absolute limits, the catalogue's name, updates.

The figures are those of shared/stimulation/limits.json and of the code that answers an update. Not
for their sources: the files have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from smp.header import OP

from firmware_bridge.emulator.update.server import REQUESTS
from scripts.protocol_fields import table
from shared.firmware.refusals import UpdateRefusal
from shared.stimulation.catalogue import catalogue
from shared.stimulation.limits import absolute_limits
from shared.stimulation.recalled import closed_digest


def limits_table() -> str:
    """Return the absolute limits, and the table of train durations."""
    rows = [[f"`{name}`", _value(value)] for name, value in _limits()]
    return f"{table(['limit', 'value'], rows)}\n{_trains()}"


def catalogue_table() -> str:
    """Return what an acceptance has to say of this catalogue."""
    own = catalogue()
    rows = [
        ["`version`", str(own.version)],
        ["`digest`", f"`{own.digest.hex()}`"],
        ["`closed`", f"`{closed_digest().hex()}`"],
    ]
    return table(["field", "value"], rows)


def update_requests() -> str:
    """Return which of MCUmgr's requests are answered."""
    rows = [
        [OP(operation).name.lower(), str(int(group)), str(int(command)), _request_name(kind)]
        for (operation, group, command), (kind, _) in REQUESTS.items()
    ]
    return table(["operation", "group", "command", "what"], rows)


def update_refusals() -> str:
    """Return every word with which an update is refused."""
    rows = [
        [
            f"`{each.word}`",
            "general" if each.group is None else "image",
            str(each.rc),
            each.sentence,
        ]
        for each in UpdateRefusal
    ]
    return table(["`rsn`", "code of", "code", "words for the person"], rows)


def _limits() -> Iterator[tuple[str, Any]]:
    limits = absolute_limits()
    yield "version", limits.version
    yield from sorted((n, v) for n, v in limits.caps.items() if n != "provenance")
    yield "inter-train interval above 1 Hz, ms", limits.interval_ms_min_above_1hz
    yield from ((f"theta_burst.{name}", value) for name, value in limits.theta_burst.items())
    yield from ((f"titration.{name}", value) for name, value in limits.titration.items())
    yield "home_ceiling.pulses_per_24h", limits.ceiling_pulses_per_24h
    yield "home_ceiling.pulses_per_168h", limits.ceiling_pulses_per_168h
    yield "home_ceiling.sessions_per_24h", limits.ceiling_sessions_per_24h
    yield "coil temperature, °C", limits.coil_temperature_c_max


def _trains() -> str:
    """Return the longest trains in milliseconds: a row a rate, a column an intensity."""
    rows = absolute_limits().train_ms_by_hz_and_percent
    percents = [str(percent) for percent, _ in rows[0][1]]
    lines = [[f"{hz} Hz", *(f"{ms:,}" for _, ms in columns)] for hz, columns in rows]
    return table(["longest train, ms", *(f"{percent} %" for percent in percents)], lines)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return f"{value:,}" if isinstance(value, int) else f"`{value}`"


def _request_name(kind: type[Any]) -> str:
    return f"`{kind.__name__.removesuffix('Request')}`"
