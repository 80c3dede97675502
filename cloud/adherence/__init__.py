"""Which sessions of a course were due, and what became of them (docs/adherence.md)."""
