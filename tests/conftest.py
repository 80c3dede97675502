"""What holds for every test: how Hypothesis searches.

The same examples in each run and no judgement by speed, so that a slow or busy machine fails no
promise; ``--hypothesis-profile=fresh`` looks elsewhere in each run.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "fresh", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")
