"""Sites, care teams, who is in them, and which patients are theirs."""
