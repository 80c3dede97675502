"""Which motor threshold goes by a protocol: the one in force where it applies, or what was typed.

A threshold is measured on one band and coil, of one kind (resting, active, of the leg), over the
motor cortex of one hemisphere. The wire names all but the hemisphere, which is that of the site.
Nothing stands in for a threshold that was not measured: the page asks for it, and a prescription
without it can't be written.
"""

from __future__ import annotations

from dataclasses import replace

from shared.dose.prescription import Prescription, Threshold, ThresholdKind
from shared.stimulation.catalogue import CatalogueEntry, ProtocolPart

DAY_S = 86_400
NOT_GIVEN = 0
"""The percentage of a threshold that nobody gave: below what the wire can say, so never signed."""
WARN_DAYS, LOCK_DAYS = 28, 42
_HEMISPHERES = ("left", "right")


def kind_of(part: ProtocolPart) -> ThresholdKind:
    """Return which threshold a protocol's part is given in percent of."""
    return ThresholdKind[part.threshold_kind.upper()]


def is_asked(entry: CatalogueEntry) -> bool:
    """Return whether the protocol goes by a threshold at all, and not by a fixed output."""
    return kind_of(entry.parts[0]) is not ThresholdKind.NONE


def hemisphere_of(site: str) -> str:
    """Return left or right, by the site's first word; a site of neither is a place of its own."""
    first = site.split(" ", 1)[0]
    return first if first in _HEMISPHERES else site


def applying(
    before: Prescription | None, entry: CatalogueEntry, part: ProtocolPart, device_id: bytes
) -> Threshold | None:
    """Return the threshold of the prescription before that goes by this part too: of the same
    band, coil, kind and hemisphere, and not adjusted to a depth that the protocol doesn't have."""
    for index, had in enumerate(before.parts if before else ()):
        found = before.threshold_of(index) if before else None
        if (
            found is not None
            and found.kind is kind_of(part)
            and found.kind is not ThresholdKind.NONE
            and (found.device_id, found.coil) == (device_id, entry.coil)
            and hemisphere_of(had.site) == hemisphere_of(part.site)
            and (found.depth_percent == 100 or entry.depth_adjusted)
        ):
            return found
    return None


def fixed_output(entry: CatalogueEntry, device_id: bytes, now_s: int) -> Threshold:
    """Return what stands in a threshold's place where the output is fixed; no date of it counts."""
    unmeasured = Threshold(ThresholdKind.NONE, 100, 0, 0, 0, True, device_id, entry.coil)
    return _dated(unmeasured, now_s)


def given(
    known: Threshold | None,
    entry: CatalogueEntry,
    part: ProtocolPart,
    device_id: bytes,
    *,
    percent: int | None,
    measured_s: int | None,
    known_how: bool,
) -> Threshold:
    """Return the known threshold where value and date are its own, so that it grows no younger by
    an amendment; else a new one, which is marked as demo unless ``known_how``."""
    own = None if known is None else (known.percent_mso, known.measured_s)
    if known is not None and not known_how and (percent, measured_s) == own:
        return known
    new = Threshold(
        kind=kind_of(part),
        percent_mso=NOT_GIVEN if percent is None else percent,
        measured_s=0,
        warn_s=0,
        lock_s=0,
        demo=not known_how,
        device_id=device_id,
        coil=entry.coil,
        depth_percent=100 if known is None else known.depth_percent,
    )
    if measured_s is None:
        return replace(new, percent_mso=NOT_GIVEN)
    return _dated(new, measured_s)


def is_given(threshold: Threshold) -> bool:
    """Return whether somebody gave its value and its date."""
    return threshold.percent_mso != NOT_GIVEN


def _dated(threshold: Threshold, measured_s: int) -> Threshold:
    return replace(
        threshold,
        measured_s=measured_s,
        warn_s=measured_s + WARN_DAYS * DAY_S,
        lock_s=measured_s + LOCK_DAYS * DAY_S,
    )
