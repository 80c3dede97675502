"""Holds: asked on a page, signed by the worker, in force by the device's record."""
