"""What the benches share: figures, limits, verdicts, and their table."""
