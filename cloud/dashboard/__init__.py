"""The process that serves pages to staff."""
