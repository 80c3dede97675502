"""States that stand at no address of their own: refusals, the desk, and a form with faults."""

from __future__ import annotations

from tests.cloud.authority.people import NONE
from tests.cloud.every_page.addresses import Address

REFUSALS = (
    Address("no-such-patient", f"/patients/{NONE}", "everything"),
    Address("no-such-page", "/nowhere", "nobody"),
    Address("not-allowed", "/audit", "care-team"),
    Address("nothing-shared", "/care", "everything"),
)
