"""The clinic itself: its roots and the certificates that it issued."""
