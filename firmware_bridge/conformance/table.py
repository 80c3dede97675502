"""All checks in the order in which a band goes through them."""

from __future__ import annotations

from firmware_bridge.conformance.check import Check
from firmware_bridge.conformance.checks import (
    blobs,
    clinic_words,
    encoding,
    framing,
    leaving,
    nonces,
    owning,
    pairing,
    phone_words,
    prescribing,
    record,
    record_access,
    requests,
    sitting,
    statements,
    stopping,
    strangers,
    updating,
)

CHECKS: tuple[Check, ...] = (
    *strangers.checks.all,
    *pairing.checks.all,
    *framing.checks.all,
    *encoding.checks.all,
    *record_access.checks.all,
    *requests.checks.all,
    *blobs.checks.all,
    *nonces.fresh.all,
    *owning.checks.all,
    *record_access.with_records.all,
    *nonces.used.all,
    *statements.checks.all,
    *prescribing.checks.all,
    *updating.at_rest.all,
    *sitting.checks.all,
    *updating.under_way.all,
    *sitting.running.all,
    *stopping.checks.all,
    *record.checks.all,
    *clinic_words.checks.all,
    *phone_words.checks.all,
    *leaving.checks.all,
)
