"""Real processes read what a test writes: its codes cost what theirs do."""

import pytest


@pytest.fixture(autouse=True)
def codes_as_served(dear_codes: None) -> None:
    """Every test in here."""
