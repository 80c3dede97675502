"""The process that acts by itself: holds, check-ins, alerts, heartbeat."""
