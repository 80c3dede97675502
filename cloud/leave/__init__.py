"""Leave: from when to when, who stands in, and who is told meanwhile."""
