"""The audit log: written for each act, signed, exported and judged."""
