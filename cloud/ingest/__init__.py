"""The process that phones talk to."""
