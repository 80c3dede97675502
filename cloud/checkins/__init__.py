"""Questionnaires: sealed by the phone, opened for rules with the care key."""
