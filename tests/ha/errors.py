"""Why the proof of failover can't be run."""

NOT_RUN = 75
"""The exit status that says so: nothing is known, good or bad."""


class CannotStart(Exception):
    """Something that the nodes need isn't here."""
