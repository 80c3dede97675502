"""What a pattern is, when each of its pulses falls, and what may be prescribed at all.

pattern and schedule: exact arithmetic. catalogue: published protocols with their sources.
limits and envelope: the absolute table that no signature passes.
"""
