"""Serving, readiness, figures, backups, and what happens when something dies."""
