"""The coils that an emulated device may carry, by the names that the catalogue uses.

Every figure is this product's own choice, made to look plausible; none is a measurement.
"""

from __future__ import annotations

from dataclasses import replace

from firmware_bridge.emulator.firmware.ports import CoilProfile

FIGURE_8 = CoilProfile(
    coil="figure-8", motion_limit_mg=600, heat_per_pulse_mk=15, cooling_time_s=900
)
"""The coil of the demonstration device."""

H1 = CoilProfile(coil="H1", motion_limit_mg=600, heat_per_pulse_mk=12, cooling_time_s=1_500)
"""A larger, deeper coil: it takes up and gives off heat more slowly."""

PORTABLE = replace(FIGURE_8, coil="occipital portable", motion_limit_mg=1_200)
"""Held in the hand for a few single pulses, so that it may move more."""

PROFILES = {
    profile.coil: profile
    for profile in (
        FIGURE_8,
        replace(FIGURE_8, coil="figure-8, neuronavigated"),
        PORTABLE,
        H1,
        replace(H1, coil="H4"),
        replace(H1, coil="H7"),
    )
}
