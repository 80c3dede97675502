"""Alembic's migrations of the cloud's tables."""
